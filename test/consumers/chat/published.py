"""Renders chat templates of your own choice, published ones for example, by Jinja2 as transformers sets it: with the conversations of the tests, with and without tools and generation prompt.

    python3 test/consumers/chat/published.py FOLDER OUT.json      # every *.jinja in the folder, and chat_template of every tokenizer_config.json in folders of it
    DECANT_TEMPLATES=OUT.json ./decant test --filter FullyQualifiedName~PublishedTemplate

The test compares each text with Decant's. A template that asks for the day gets 1 January 1970.
"""
import datetime
import glob
import json
import os
import sys

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Decant.Tests", "Golden", "chat")
sys.path.insert(0, GOLDEN)
from rendered import environment  # noqa: E402


def templates(folder):
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.jinja"), recursive=True)):
        with open(path, encoding="utf-8", newline="") as file:
            yield os.path.relpath(path, folder), file.read()
    for path in sorted(glob.glob(os.path.join(folder, "**", "tokenizer_config.json"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            found = json.load(file).get("chat_template")
        for one in found if isinstance(found, list) else [{"name": "", "template": found}] if found else []:
            yield os.path.join(os.path.relpath(path, folder), one["name"]), one["template"]


def main(folder, out):
    with open(os.path.join(GOLDEN, "conversations.json"), encoding="utf-8") as file:
        data = json.load(file)
    made = environment()
    made.globals["strftime_now"] = lambda form: datetime.datetime(1970, 1, 1).strftime(form)
    results = []
    for name, source in templates(folder):
        texts = []
        for messages in data["conversations"]:
            for prompt in (False, True):
                for tools in (None, data["tools"]):
                    try:
                        texts.append(made.from_string(source).render(messages=messages, tools=tools, documents=None, add_generation_prompt=prompt, **data["tokens"]))
                    except Exception:
                        texts.append(None)
        results.append({"name": name, "template": source, "texts": texts})
    with open(out, "w", encoding="utf-8") as file:
        json.dump(results, file, ensure_ascii=False)
    print(f"{len(results)} templates, {sum(len(r['texts']) for r in results)} texts, of which {sum(t is None for r in results for t in r['texts'])} are refused")


if __name__ == "__main__":
    main(*sys.argv[1:3])
