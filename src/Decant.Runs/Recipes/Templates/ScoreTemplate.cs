using System.Globalization;

namespace Decant.Runs.Recipes.Templates;

internal static class ScoreTemplate
{
    private const int MostDigit = 9; // that is one token for every tokenizer

    public static string Write(string name, string source, (double Lowest, double Highest) ends, bool isPair)
    {
        var (from, to) = (Math.Floor(ends.Lowest), Math.Ceiling(ends.Highest));
        var isDigits = from >= 0 && to <= MostDigit;
        return $$"""
            # A small regression model of texts or pairs of texts, distilled from a chat model behind an API that scores them.
            # Most rows need no number; those that have one train the control, and are what everything is measured on: a hundred or two are a beginning.
            # 'decant check' reports all errors of this file and asks nothing; 'decant distill' answers 20 rows, says what the rest will cost, and asks before it goes on.
            name: {{name}}
            task: regression
            seeds: [1, 2, 3]

            data:
              train: {{source}}
              split: { validation: 0.1, test: 0.4 }   # of the rows with numbers; fractions, or numbers of rows

            input:
              kind: text
              tokenizer: { kind: wordpiece, vocabulary: 8000 }
              max-tokens: 128                         # longer texts are truncated for the student; the teacher reads them whole

            teacher:
              chat:
            {{ChatLines.Access}}
                score:
                  # What the numbers of the data say, and their scale.
                  question: {{(isPair ? "How similar in meaning are the two texts?" : "How well does the text meet what is wanted?")}}
                  from: {{Shown(from)}}
                  to: {{Shown(to)}}
                  meaning: ""                         # of the ends, such as: 0 is nothing in common, 5 the same
                  evidence: {{(isDigits ? "logprobs" : "samples ")}}                  # logprobs of whole numbers from 0 to 9; samples, or stated, where the server gives none
            {{ChatLines.Budget}}

            student:
              model: { kind: {{(isPair ? "lstm, embedding: 64, hidden: 64" : "textcnn, embedding: 64, filters: 64")}} }

            distill:
              epochs: 6
              batch: 32
              optimizer: { kind: adamw, learning-rate: 2e-3 }
              schedule: { kind: linear, warm-up: 0.1 }
              objectives:
                - { kind: logits-mse, weight: 0.9 }
                - { kind: target-mse, weight: 0.1 }

            control: true                             # also train the student on the rows with numbers alone, to measure the effect of the teacher

            export:                                   # ONNX files and a model card, with the terms
              quantize: [{ kind: int8-dynamic }]

            """;
    }

    private static string Shown(double number) => number.ToString(CultureInfo.InvariantCulture);
}
