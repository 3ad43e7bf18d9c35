using Decant.Runs.Recipes.Writing;

namespace Decant.Runs.Recipes.Templates;

internal static class SpanTemplate
{
    /// <summary>The recipe of a tagger that learns from a chat model, with what was taken for what.</summary>
    /// <exception cref="DecantException">The file has no words with tags, or there are no types.</exception>
    public static (string Recipe, IReadOnlyList<string> Notes) Write(string name, TemplateRequest request, DataGuess guess, string looked)
    {
        if (guess.Kind != "conll")
            throw new DecantException($"{looked}: expected words with their tags (CoNLL) for {request.Task}, came {guess.Words}. Write a word and its tag on each line, and an empty line after each sentence; words without tags need 'tags: false' in a recipe.");
        string[] types = [.. (request.Types.Count > 0 ? request.Types.Select(t => t.Trim()).Where(t => t.Length > 0) : guess.Types).Distinct(StringComparer.Ordinal)];
        if (types.Length == 0)
            throw new DecantException($"{request.Task}: expected one type or more, came none. Name them: --types person,place");
        var source = $"{{ kind: conll, file: {YamlText.Value(request.Data)}{(guess.Encoding is { } encoding ? $", encoding: {encoding}" : "")} }}";
        return (Text(name, source, types), [$"it is {guess.Words}", $"types are {string.Join(", ", types)}"]);
    }

    private static string Text(string name, string source, IReadOnlyList<string> types) => $$"""
        # A small tagger of words, distilled from a chat model behind an API that lists the spans of each text.
        # Tagged sentences train the control and are what everything is measured on: a hundred or two are a beginning. Sentences without tags are a file of their own, with 'tags: false'.
        # 'decant check' reports all errors of this file and asks nothing; 'decant distill' answers 20 texts, says what the rest will cost, and asks before it goes on.
        name: {{name}}
        task: token-classification
        seeds: [1, 2, 3]

        data:
          train: {{source}}
          split: { validation: 0.1, test: 0.4 }   # fractions, or numbers of sentences
          # student-labels: 100                   # sentences whose tags student and control see

        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 6000, lower-case: false }
          max-tokens: 128
          untokenized-words: unknown

        teacher:
          chat:
        {{ChatLines.Access}}
            extract:
              instruction: Find all parts of the text that are of one of the types.
              types:                              # say what each type is: the better, the fewer mistakes
        {{string.Join('\n', types.Select(t => $"        - {{ name: {YamlText.Value(t)}, description: \"\" }}"))}}
              samples: 1                          # 5: a tag's probability is its share of five answers, which cost five times as much
        {{ChatLines.Budget}}

        student:
          model: { kind: lstm, embedding: 64, hidden: 64, dropout: 0.3 }

        distill:
          epochs: 12
          batch: 32
          optimizer: { kind: adamw, learning-rate: 3e-3 }
          schedule: { kind: linear, warm-up: 0.1 }
          clip-norm: 1
          objectives:
            - { kind: soft-targets, temperature: 1, weight: 0.9 }
            - { kind: labels, weight: 0.1 }

        control: true                             # also train the student on the tagged sentences alone, to measure the effect of the teacher

        export:                                   # ONNX files and a model card, with the terms
          quantize: [{ kind: int8-dynamic }]

        """;
}
