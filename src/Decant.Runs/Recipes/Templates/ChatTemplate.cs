using Decant.Runs.Recipes.Writing;

namespace Decant.Runs.Recipes.Templates;

internal static class ChatTemplate
{
    public static string Write(string name, string source, IReadOnlyList<string> classes) => $$"""
        # A small text classifier, distilled from a chat model behind an API that classifies from a prompt.
        # Most rows need no label; those that have one calibrate the teacher, train the control, and are what everything is measured on: a hundred or two are a beginning.
        # 'decant check' reports all errors of this file and asks nothing; 'decant distill' answers 20 rows, says what the rest will cost, and asks before it goes on.
        name: {{name}}
        task: classification
        seeds: [1, 2, 3]

        data:
          train: {{source}}
          split: { validation: 0.1, test: 0.4 }   # of the labelled rows; fractions, or numbers of rows

        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 8000 }
          max-tokens: 128                         # longer texts are truncated for the student; the teacher reads them whole

        teacher:
          chat:
        {{ChatLines.Access}}
            ask:
              instruction: Classify the text into exactly one of the classes.
              classes:                            # say what each class is: the better, the fewer mistakes
        {{string.Join('\n', classes.Select(c => $"        - {{ name: {YamlText.Value(c)}, description: \"\" }}"))}}
              evidence: logprobs                  # or samples, or stated, where the server gives no logprobs
        {{ChatLines.Budget}}

        student:
          model: { kind: textcnn, embedding: 64, filters: 64 }

        distill:
          epochs: 6
          batch: 64
          optimizer: { kind: adamw, learning-rate: 2e-3 }
          schedule: { kind: linear, warm-up: 0.1 }
          objectives:
            - { kind: soft-targets, temperature: 1, weight: 0.9 }
            - { kind: labels, weight: 0.1 }

        control: true                             # also train the student on the labelled rows alone, to measure the effect of the teacher

        export:                                   # ONNX files and a model card, with the terms
          quantize: [{ kind: int8-dynamic }]

        """;
}
