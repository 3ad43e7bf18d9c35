"""Whether chat templates give the same texts here as by Jinja2 with the settings of transformers.

    pip install jinja2
    python3 test/consumers/chat/published.py FOLDER

FOLDER, with all below it: NAME.jinja, tokenizer_config.json, chat_template.json. Every template is rendered with each conversation of test/Decant.Tests/Golden/chat and those below, with tools and without,
with the generation prompt and without, and with enable_thinking: false. Says how many texts are equal, how many both refuse, and names those that differ. The exit status is 1 where some do, or there are none.
"""
import datetime
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "../../Decant.Tests/Golden/chat")
sys.path.insert(0, GOLDEN)
from rendered import environment  # noqa: E402

NOON = datetime.datetime(2026, 12, 1, 12)
TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
VARIABLES = [{}, {"enable_thinking": False}]


def call(name, arguments, **further):
    return {"type": "function", "function": {"name": name, "arguments": arguments}, **further}


MORE = [
    [{"role": "developer", "content": "Be exact."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}],
    [{"role": "user", "content": "Weather?"}, {"role": "assistant", "tool_calls": [call("get_weather", {"city": "Bern"}, id="abc123456")]}, {"role": "tool", "tool_call_id": "abc123456", "content": "sun"}],
    [{"role": "user", "content": "Weather?"}, {"role": "assistant", "content": None, "tool_calls": [call("get_weather", "{\"city\": \"Bern\"}", id="abc123456")]}, {"role": "tool", "name": "get_weather", "content": "{}"}],
    [{"role": "system", "content": [{"type": "text", "text": "Be brief."}]}, {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is it?"}]}, {"role": "assistant", "content": [{"type": "text", "text": "A cat."}]}],
    [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "4", "thinking": "easy"}, {"role": "user", "content": "3 + 3?"}, {"role": "assistant", "content": "<think>\n\n</think>\n\n6"}, {"role": "user", "content": "ok"}],
    [{"role": "user", "content": " \n\n" * 400 + "end\r\n"}, {"role": "assistant", "content": "\r\n\x0b\x0c\x85\u2028 kept \u2029\x1c"}],
    [],
]


def templates(folder):
    found = {}
    for path, _, files in sorted(os.walk(folder)):
        for file in sorted(files):
            name = os.path.relpath(os.path.join(path, file), folder)
            if not file.endswith((".jinja", ".json")):
                continue
            with open(os.path.join(path, file), encoding="utf-8", newline="") as opened:
                text = opened.read()
            if file.endswith(".jinja"):
                found[name] = text
            elif file in ("tokenizer_config.json", "chat_template.json"):
                setting = json.loads(text).get("chat_template")
                for one in [{"name": "", "template": setting}] if isinstance(setting, str) else setting or []:
                    found[f"{name} {one['name']}".strip()] = one["template"]
    return found


def peer(source, conversations, tools):
    """The texts by Jinja2, in the order of render.cs; a tuple: it refuses, and why."""
    made = environment()
    made.globals["strftime_now"] = NOON.strftime
    try:
        template = made.from_string(source)
    except Exception as error:
        template = error
    for messages in conversations:
        for variables in VARIABLES:
            for given in (None, tools):
                for prompt in (False, True):
                    try:
                        if isinstance(template, Exception):
                            raise template
                        yield template.render(messages=messages, tools=given, documents=None, add_generation_prompt=prompt, **TOKENS, **variables)
                    except Exception as error:
                        yield (f"{type(error).__name__}: {error}",)


def ours(found, conversations, tools):
    with tempfile.TemporaryDirectory() as folder:
        cases, texts = os.path.join(folder, "cases.json"), os.path.join(folder, "texts.json")
        with open(cases, "w", encoding="utf-8") as file:
            json.dump({"templates": found, "conversations": conversations, "tools": tools, "tokens": TOKENS, "variables": VARIABLES}, file)
        subprocess.run(["dotnet", "run", os.path.join(HERE, "render.cs"), "--", cases, texts], check=True)
        with open(texts, encoding="utf-8") as file:
            return json.load(file)


def difference(expected, came):
    if isinstance(expected, tuple) or isinstance(came, dict):
        shown = [f"refused: {expected[0]}" if isinstance(expected, tuple) else "a text", f"refused: {came['refused']}" if isinstance(came, dict) else "a text"]
    else:
        at = next((i for i, (a, b) in enumerate(zip(expected, came)) if a != b), min(len(expected), len(came)))
        shown = [repr(text[max(0, at - 30):at + 40]) for text in (expected, came)]
    return f"\n    Jinja2  {shown[0][:300]}\n    Decant  {shown[1][:300]}"


def main():
    with open(os.path.join(GOLDEN, "conversations.json"), encoding="utf-8") as file:
        data = json.load(file)
    found, conversations = templates(sys.argv[1]), data["conversations"] + MORE
    if not found:
        sys.exit(f"{sys.argv[1]}: expected *.jinja, tokenizer_config.json or chat_template.json with a template, came none. Name the folder that has them.")
    made = ours(found, conversations, data["tools"])
    equal, refused, different, agreeing = 0, 0, 0, 0
    for name, source in found.items():
        first, before = None, different
        for index, (expected, came) in enumerate(zip(peer(source, conversations, data["tools"]), made[name], strict=True)):
            if isinstance(expected, tuple) and isinstance(came, dict):
                refused += 1
            elif expected == came:
                equal += 1
            else:
                different += 1
                first = first or f"{name}, conversation {index // (4 * len(VARIABLES)) + 1}:{difference(expected, came)}"
        agreeing += different == before
        if first:
            print(f"{different - before} of {first}")
    print(f"{len(found)} templates, {agreeing} of them alike in all; texts: {equal} equal, {refused} refused by both, {different} different")
    sys.exit(1 if different or not equal else 0)


if __name__ == "__main__":
    main()
