"""Writes expressions.json: small templates with what Jinja2, as transformers sets it, makes of them; null where it refuses them."""
import json
import os

from rendered import HERE, environment

VALUES = {
    "text": "Ärger, naïve 😀 world", "blank": "  \t a b\n ", "none": None, "yes": True, "no": False, "n": 7, "x": 2.5, "big": 12345678901234567890,
    "list": [3, 1, 2], "words": ["b", "A", "c", "a"], "map": {"b": 1, "a": {"c": [1, None, "q'\""]}, "items": "own", "e": 1e-7, "f": 1e22, "g": 0.1},
    "rows": [{"k": "x", "v": 2, "tag": None}, {"k": "Y", "v": 1}, {"k": "x", "v": 3, "tag": "t"}],
}

EXPRESSIONS = r"""
1 + 2 * 3 ** 2
7 // 2
-7 // 2
7 % -3
-7 % 3
7 / 2
6 / 2
2 ** -1
-2 ** 2
1e3
1.5e-7
1_000
0.1 + 0.2
1e16
123456789.0
1e15
-0.0
0.001
123.456e5
1e-5
0.00012
1.0e21
5e-324
1.7976931348623157e308
100.0
x * 2
x // 2
5.0 % 3
n / 0
yes + 1
'a' + 'b'
'a' ~ 1 ~ none ~ 2.0 ~ yes
'ab' * 3
3 * 'ab'
'a' + 1
[1] + [2]
(1,) + (2,)
[1] * 2
'%s is %d%%' % ('a', 3)
'%s' % x
'%s %s' % ('a',)
'a' 'b'
"it's"
'say "x"'
'a\nb\tc\\d\'e\x41\u00e9\U0001F600\101\q'
[1, 'a', none, true, 2.0]
{'a': 1, 'b': [2]}
(1,)
()
(1, 2)
[]
{}
["it's", 'a"b', 'both \' "', 'tab\t', '\x00\x7f\u00a0\u200b', '😀é']
1 < 2 < 3
1 < 2 > 3
1 == 1.0
true == 1
'a' < 'b'
'Z' < 'a'
[1, 2] < [1, 3]
'a' < 1
none == false
1 != 2
'😀' > '\uffff'
{'a': 1} == {'a': 1.0}
[1] == (1,)
1 in list
'lo' in 'hello'
'b' in map
4 not in list
not 1 in list
1 in 5
1 in 'a'
missing in list
'' in ''
'a' in missing
none and 1
0 or 'x'
'' or none
not ''
1 and 2
not none and 1
'a' if yes else 'b'
'a' if no
('a' if no) is defined
1 if 0 else 2 if 0 else 3
missing
missing ~ 'x'
missing.x
missing['x']
missing + 1
missing == missing
missing is defined
missing is none
map.missing is defined
map.missing
map['missing']
map.a.c[2]
map.items
map['items']
map.get('b')
map.get('z')
map.get('z', 5)
list[0]
list[-1]
list[5]
list[5].x
list[1:]
list[:-1]
list[::-1]
list[::2]
list[-2:]
list[5:1:-2]
list[:0]
text[0]
text[-7]
text[13:15]
text[::-1]
text[100]
text[3:-3:4]
list['0']
map[0]
words.1
(1,2)[1]
text|length
text.split(', ')
text.upper()
text.lower()
text.title()
text|title
text|capitalize
text.find('w')
text.find('zz')
text.count('a')
text.replace('a', 'o', 1)
text.replace('', '-', 3)
text|replace('a', '')
blank.strip()
blank.lstrip()
blank.rstrip()
blank|trim
blank.split()
blank.strip(' \n')
'xxaxx'.strip('x')
'xxaxx'|trim('x')
'a,b,,c'.split(',')
'a,b,,c'.split(',', 1)
'a,b,,c'.rsplit(',', 1)
'a  b c'.split(none, 1)
'a  b c'.rsplit(none, 1)
''.split()
''.split(',')
'abc'.split('')
'a\nb\r\nc\n'.splitlines()
'a\nb'.splitlines(true)
'a-b-c'.partition('-')
'a-b-c'.rpartition('-')
'abc'.startswith('ab')
'abc'.startswith(('x', 'a'))
'abc'.endswith('bc')
'abc'.removeprefix('a')
'abc'.removesuffix('x')
'-'.join(words)
'-'.join(list)
'12'.isdigit()
''.isdigit()
'ab'.isalpha()
'a1'.isalnum()
'AB'.isupper()
'aB'.islower()
' '.isspace()
'abc'.index('c')
'abc'.index('x')
'abc'.missing
'abc'.missing()
'Σας'.upper()
'tEST'.capitalize()
list|sort
list|sort(reverse=true)
words|sort
words|sort(case_sensitive=true)
rows|sort(attribute='v')|map(attribute='k')|join
rows|map(attribute='k')|join(',')
rows|map(attribute='tag', default='-')|list
rows|map(attribute='tag')|list
words|map('upper')|list
words|map('replace', 'a', 'z')|join
rows|selectattr('tag')|list|length
rows|selectattr('tag', 'defined')|list|length
rows|rejectattr('k', 'equalto', 'x')|list
rows|selectattr('v', '>', 1)|map(attribute='v')|list
list|select('odd')|list
list|reject('gt', 1)|list
[0, 1, '']|select|list
rows|selectattr('v')|length
list|first
list|last
[]|first
[]|last
list|reverse|list
'abc'|reverse|list|join('-')
rows|join(',', attribute='v')
'abc'|join('.')
'abc'|list
map
list
list|length
map|length
5|length
none|length
missing|length
(list|map('string'))|length
list|sum
rows|sum(attribute='v')
list|min
words|max
[]|max
words|unique|list
[1, 1.0, true]|unique|list
list|batch(2)|list
list|batch(2, 0)|list
map|dictsort
map.a|items|list
{'b': 1, 'A': 2}|dictsort
{'b': 1, 'A': 2}|dictsort(reverse=true)
{'b': 1, 'A': 2}|dictsort(by='value')
missing|default('d')
none|default('d')
''|default('d', true)
none|d('x', boolean=true)
missing|d
5|string + '!'
'7'|int + 1
'x'|int
'x'|int(3)
'2.9'|int
x|int
'2.5'|float
'x'|float
2|float
-3|abs
-2.5|abs
2.5|round
3.456|round(2)
2.1|round(0, 'ceil')
2.9|round(method='floor')
5|round
'a\nb\n\nc'|indent
'a\nb'|indent(2, true)
'a\n\nb'|indent(1, blank=true)
'a\nb'|indent('> ')
'a b_c d-e'|wordcount
'hello world-x (y'|title
'%s-%s'|format('a', 2)
'<a&b>'|safe
' x '|trim|upper|lower
map|tojson
list|tojson
text|tojson
'a"b\\c/\n\t\x01\x7f\u2028<>&\''|tojson|none|tojson|yes|tojson|1.0|tojson|1e100|tojson|big|tojson|missing|tojson|(1, 'a')|tojson|rows|tojson(indent=2)|[]|tojson(indent=2)|{'a': {}, 'b': []}|tojson(indent=1)|map|tojson(sort_keys=true)|[1, {'a': 2}]|tojson(separators=(',', ':'))|text|tojson(ensure_ascii=true)|range|tojson
n is odd
n is even
n is divisibleby 7
n is divisibleby(3)
none is none
1 is number
yes is number
yes is integer
1.0 is float
1.0 is integer
'a' is string
map is mapping
list is mapping
list is sequence
'a' is sequence
map is sequence
5 is sequence
5 is iterable
missing is iterable
(list|map('string')) is sequence
(list|map('string')) is iterable
yes is true
1 is true
yes is boolean
no is false
none is not none
'a' is in 'abc'
1 is in list
1 is eq 1
1 is ne 1
1 is lt 2
2 is ge 3
'a' is lower
'A' is upper
'1' is upper
range is callable
none is sameas none
yes is sameas true
n is not odd
not n is odd
1 is defined and 2 is defined
'x' is equalto 'x'
range(3)|list
range(1, 4)|list
range(5, 0, -2)|list
range(0)|list
range(1000000)|list
dict(a=1, b=none)
dict({'a': 1}, b=2)
namespace(a=1).a
loop
range(3)[1]
big
x
x is float
[n, x, none, yes]
map
none|selectattr('type')|list
none|rejectattr('type', 'equalto', 'a')|list|length
none|select|list
''|reject|list
0|map('upper')|list
no|map(attribute='a')|list
5|select|list
none|list
none|first
none|join
{0: 'a', 512: 'b'}[512]
{0: 'a', 2.5: 'b', true: 'c', 'x': none}
{1: 'a', 1.0: 'b', true: 'c'}
{1: 'a', '1': 'b'}|tojson
{1: 'a', 2.5: 'b', true: 'c', 'x': none}|tojson
{2: 'a', 1: 'b', 1.5: 'c'}|tojson(sort_keys=true)
{2: 'a', 'x': 'b'}|tojson(sort_keys=true)
{2: 'a', 1: 'b'}|dictsort
{2: 'a', 'x': 'b'}|dictsort
1 in {1: 'a'}
1.0 in {1: 'a'}
'1' in {1: 'a'}
none in {1: 'a'}
{1: 'a'}.get(true)
{1: 'a'}.get('1', 'no')
{1: 'a'}['1']
{1: 'a'} == {1.0: 'a'}
{1: 'a'}.keys()|list
{1: 'a'}.items()|list
{1: 'a', 2: 'b'}|max
{[1]: 'a'}
dict({1: 2}, a=3)
namespace({1: 2, 'a': 3}).a
[{1: 'x'}]|map(attribute=1)|list
'a<'|safe + 'b<\'&">'
'a<' + 'b>'|safe + 'c&'
'a'|safe + 'b<' + 'c<' + 'd<'
'a<' + ('b<' + 'c<'|safe)
('a<' ~ 'b<'|safe) + 'c<'
'a<'|safe ~ 'b<'
'<a>'|safe|trim + '<'
'<a>'|safe|replace('a', 'b') + '<'
'<a>'|safe|upper|string + '<'
'a'|safe + 1
'a'|safe == 'a'
map|tojson|safe + ' < ' + text|tojson
'<'|safe * 2
'%s' % '<'|safe
""".strip()

STATEMENTS = [
    "{% for a in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }} {% endfor %}",
    "{% for a in list %}{{ loop.previtem }}<{{ a }}>{{ loop.nextitem }};{% endfor %}",
    "{% for a in list %}{% if loop.previtem is defined %}{{ loop.previtem + a }}{% endif %}{% endfor %}",
    "{% for a in [] %}x{% else %}none{% endfor %}", "{% for a in missing %}x{% else %}none{% endfor %}", "{% for a in none %}x{% endfor %}",
    "{% for a in list if a > 1 %}{{ loop.index }}:{{ a }}/{{ loop.length }} {% else %}-{% endfor %}", "{% for a in list if a > 9 %}{{ a }}{% else %}-{% endfor %}",
    "{% for k, v in map.a.items() %}{{ k }}={{ v }}{% endfor %}", "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}", "{% for (a, b) in [(1, 2), [3, 4]] %}{{ a + b }} {% endfor %}",
    "{% for a, b in [(1, 2, 3)] %}x{% endfor %}", "{% for k in {'a': 1, 'b': 2} %}{{ k }}{% endfor %}", "{% for c in 'aé😀' %}[{{ c }}]{% endfor %}",
    "{% for a in list %}{% if a == 1 %}{% continue %}{% endif %}{{ a }}{% endfor %}", "{% for a in list %}{{ a }}{% if a == 1 %}{% break %}{% endif %}{% endfor %}",
    "{% for a in [1, 2] %}{% for b in [1, 2] %}{{ loop.depth }}{{ a * b }}{% endfor %}{{ loop.index }} {% endfor %}", "{% for a in words %}{{ loop.cycle('x', 'y') }}{% endfor %}",
    "{% for a in [1, 1, 2] %}{{ loop.changed(a) }} {% endfor %}", "{% set s = 1 %}{% for a in list %}{% set s = s + a %}{{ s }} {% endfor %}{{ s }}",
    "{% set ns = namespace(s=1) %}{% for a in list %}{% set ns.s = ns.s + a %}{% endfor %}{{ ns.s }}", "{% set ns = {} %}{% set ns.s = 1 %}", "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set a = 1, 2 %}{{ a }}",
    "{% if yes %}{% set q = 5 %}{% endif %}{{ q }}", "{% if no %}a{% elif none %}b{% elif n %}c{% else %}d{% endif %}", "{% set z %}a{{ n }}b{% endset %}{{ z }}|{{ z | length }}", "{% set z | upper | trim %} a{{ n }}b {% endset %}[{{ z }}]",
    "{% filter upper %}a{{ text }}{% endfilter %}", "{% filter replace('a', 'b') | trim %} aa {% endfilter %}", "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a }}", "{% raw %}{{ x }}{% if %}{% endraw %}", "a{%- raw -%} {{ b }} {%- endraw -%} c",
    "{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, 3) }} {{ m(b=5, a=4) }} {{ m() }}", "{% macro m() %}x{% endmacro %}{{ m(1) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(q=1) }}",
    "{% macro f(n) %}{% if n > 0 %}{{ n }},{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(4) }}", "{% macro box(t) %}<{{ t }}>{{ caller() }}</{{ t }}>{% endmacro %}{% call box('b') %}in{{ n }}{% endcall %}",
    "{% macro each(l) %}{% for a in l %}{{ caller(a) }}{% endfor %}{% endmacro %}{% call(a) each(list) %}[{{ a }}]{% endcall %}", "{% macro m() %}{{ later }}{% endmacro %}{% set later = 3 %}{{ m() }}", "{{ m() }}{% macro m() %}x{% endmacro %}",
    "{% for a in list %}{% macro m() %}{{ a }}{% endmacro %}{{ m() }}{% endfor %}", "{% generation %}a{{ n }}{% endgeneration %}b", "{% for a in list %}{% generation %}{{ a }}{% endgeneration %}{% endfor %}",
    "a\n{% if yes %}\nb\n{% endif %}\nc\n", "a\n  {% if yes %}  \nb\n\t{% endif %}\nc\n\n", "a  {% if yes %}b{% endif %}\nc", "  {{ n }}\n  {{ n }}\n", "a {%- if yes -%} b {%- endif -%} c", "a {{- n -}} b", "a\n {#- c -#} \n b", "a\n  {# c #}\n  b", "a {# c #} b",
    "  {%+ if yes %}\nx{% endif +%}\ny", "a\n\n  {%- if yes +%}\n b{% endif %}", "{% if yes %}\n\n\nx{% endif %}\n\n", "\n{% for a in list %}\n  {{ a }}\n{% endfor %}\n", "{{ '{{' }}{{ '%}' }}", "{{ {'a': {'b': 1}}['a']['b'] }}", "{{ {'a': {}}}}", "a\r\nb\rc{{ n }}\r\n",
    "{% set j = joiner('; ') %}{% for a in list %}{{ j() }}{{ a }}{% endfor %}", "{% set m = list | map('string') %}{{ m | join }}|{{ m | join }}", "{% set m = list | map('string') %}{{ m | first }}{{ m | list }}", "{{ list.append(4) }}", "{{ list.index(2) }}{{ list.count(1) }}",
    "{{ raise_exception('no') }}", "{% if no %}{{ x | nofilter }}{% endif %}ok", "{{ x | nofilter }}", "{{ x is notest }}", "{% include 'a' %}", "{% notag %}", "{{ nofunction() }}", "{{ 1 + }}", "{{ (1 }}", "{% if yes %}", "{{ 'a }}", "{% for a in list %}", "{% endfor %}", "{{ a b }}", "{{ [1, 2 }}",
    "{{ 1, 2 }}", "{% set x.y = 1 %}", "{% break %}", "{{ map.a.c | join(', ') }}", "{{ rows | tojson }}", "{{ range(*[1, 3]) | list }}", "{{ 'é' | tojson }}", "{{ (text | list)[-8] }}", "{{ not yes }}", "{{ - n }}{{ + n }}", "{{ -x | abs }}",
    "{% set content = '<think>a</think>b' %}{% if '</think>' in content %}{{ content.split('</think>')[-1].lstrip('\\n') }}{% endif %}", "{{ (none or {}).get('a', 1) }}", "{{ rows[0].k ~ rows[-1]['v'] }}", "{{ x if x is defined else 'y' }}", "{%- for r in rows -%}{{ r.k if r.v > 1 }}{%- endfor -%}",
    "{% for k, v in {0: 0, 512: 128, 1024: 256}.items() %}{% if 600 <= k and not done %}{{ k }}={{ v }} {% endif %}{% endfor %}",
]


def main():
    templates = [f"{{{{ {expression} }}}}" for expression in EXPRESSIONS.split("\n")] + STATEMENTS
    cases = []
    for template in templates:
        try:
            text = environment().from_string(template).render(**VALUES)
            text = None if "<generator" in text or " at 0x" in text else text
        except Exception:
            text = None
        cases.append([template, text])
    with open(os.path.join(HERE, "expressions.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps({"values": VALUES, "cases": cases}, ensure_ascii=False, indent=0) + "\n")
    print(f"{len(cases)} templates, {sum(text is None for _, text in cases)} refused")


if __name__ == "__main__":
    main()
