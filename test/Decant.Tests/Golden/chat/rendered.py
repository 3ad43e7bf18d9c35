"""Compares rendered.json with Jinja2 as transformers sets it, and corrects it: where the two differ, Jinja2 is right. Writes which ones into differences.json."""
import json
import os

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = os.path.dirname(os.path.abspath(__file__))


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_write"), [], [], body).set_lineno(line)

    def _write(self, caller):
        return caller()


def environment():
    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    made.filters["tojson"] = lambda value, **options: json.dumps(value, **{"ensure_ascii": False, **options})

    def refuse(message):
        raise jinja2.exceptions.TemplateError(message)

    made.globals["raise_exception"] = refuse
    return made


def main():
    with open(os.path.join(HERE, "conversations.json"), encoding="utf-8") as file:
        data = json.load(file)
    with open(os.path.join(HERE, "rendered.json"), encoding="utf-8") as file:
        rendered = json.load(file)
    differences = []
    for name, texts in rendered.items():
        with open(os.path.join(HERE, "templates", name), encoding="utf-8") as file:
            template = environment().from_string(file.read())
        index = 0
        for messages in data["conversations"]:
            for prompt in (False, True):
                for tools in (None, data["tools"]):
                    try:
                        text = template.render(messages=messages, tools=tools, documents=None, add_generation_prompt=prompt, **data["tokens"])
                    except Exception:
                        text = None
                    if text != texts[index]:
                        differences.append([name, index])
                        texts[index] = text
                    index += 1
    for path, value in (("rendered.json", rendered), ("differences.json", differences)):
        with open(os.path.join(HERE, path), "w", encoding="utf-8") as file:
            file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{sum(len(texts) for texts in rendered.values())} texts of {len(rendered)} templates, {len(differences)} corrected")


if __name__ == "__main__":
    main()
