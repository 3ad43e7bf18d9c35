using Decant.Runs.Recipes.Writing;

namespace Decant.Runs.Recipes.Templates;

internal static class SynthesisTemplate
{
    public static string Write(string name, string source, IReadOnlyList<string> classes) => $$"""
        # New inputs, written by a chat model behind an API in the manner of the examples.
        # 'decant synthesize' reports all errors of this file; then it sends 5 requests, says what the rest will cost, and asks before it goes on.
        name: {{name}}

        chat:
          endpoint: http://localhost:8000/v1      # any OpenAI-compatible server: OpenAI, Azure, vLLM, llama.cpp, Ollama, SGLang
          model: NAME                             # as the server calls it
          key: OPENAI_API_KEY                     # the environment variable that holds the key; the key itself stands nowhere
          terms: ""                               # under which terms or licence may its answers train a model? Goes into the manifest
          answers: answers                        # every answer is kept here, and never paid for twice
          # budget: { money: 5, input-price: 0.15, output-price: 0.6 }   # prices of a million tokens

        write:
          instruction: Write texts like the examples.   # say who writes them, to whom, about what: the better, the fewer are set aside
        {{Classes(classes)}}  rows: 200                               # in all; each class gets as many
          per-request: 10                         # texts of one answer
          shown: 4                                # examples in each request, drawn anew
          temperature: 1
          seed: 0

        examples: {{source}}

        filters:                                  # what a text must be; repetitions are always set aside
          min-words: 1                            # in Chinese: characters
          # max-words: 60
          # scripts: [latin]                      # or [han]: tells scripts apart, not languages
          # forbidden: [some, words]              # and forbidden-files: [list.txt]
          # refuse: ["(?i)as an ai"]              # regular expressions

        # held-out:                               # no row may be in these files, nearly so, or share 13 words with them
        #   sources: [{ kind: csv, file: test.csv }]

        # judge:                                  # a second question about each row, to this model or another
        #   ask: { instruction: Keep texts that a person might have written. }

        """;

    private static string Classes(IReadOnlyList<string> classes) => classes.Count == 0 ? "" : $"  classes:                                # say what each class is\n{string.Concat(classes.Select(c => $"  - {{ name: {YamlText.Value(c)}, description: \"\" }}\n"))}";
}
