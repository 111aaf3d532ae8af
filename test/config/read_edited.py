"""What PyYAML reads in edited configs: [text, ...] -> [[attribute, group], ...]."""
import json
import sys

import yaml


def read(text):
    config = yaml.safe_load(text)
    return [config["aggregation"]["variables"]["new"]["attributes"]["given"], config["data_source"]["groups"][0]]


json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
