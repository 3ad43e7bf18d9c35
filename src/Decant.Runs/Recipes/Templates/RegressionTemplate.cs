namespace Decant.Runs.Recipes.Templates;

internal static class RegressionTemplate
{
    public static string Write(string name, string source, (string Seeds, string TeacherSeed) seeds) => $$"""
        # A small regression model of texts or pairs of texts, distilled from a larger one that is trained first.
        # 'decant check' reports all errors of this file and what it would do; 'decant distill' runs it.
        name: {{name}}
        task: regression
        {{seeds.Seeds}}

        data:
          train: {{source}}   # target may name several columns
          split: { validation: 0.1, test: 0.2 }   # fractions, or numbers of samples; seeded
          # student-labels: 1000                  # targets visible to the student; on the other samples it learns from the teacher only; the baseline all-labels is trained for comparison

        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 8000 }
          max-tokens: 128                         # longer texts are truncated, of a pair the longer one first

        teacher:
        {{seeds.TeacherSeed}}  model: { kind: textcnn, embedding: 256, filters: 256 }   # trained from scratch; load a pretrained one where there is any, above all for pairs
          train:
            epochs: 8
            batch: 32
            optimizer: { kind: adamw, learning-rate: 1e-3 }
            schedule: { kind: linear, warm-up: 0.1 }
            objectives:
              - { kind: target-mse }

        student:
          model: { kind: textcnn, embedding: 64, filters: 64 }

        distill:
          epochs: 6
          batch: 64
          optimizer: { kind: adamw, learning-rate: 2e-3 }
          schedule: { kind: linear, warm-up: 0.1 }
          objectives:
            - { kind: logits-mse, weight: 0.5 }   # the teacher's predictions; 0.9, and 0.1 below, where the student sees few targets
            - { kind: target-mse, weight: 0.5 }

        control: true                             # also train the student without the teacher, to measure the effect of the teacher

        """;
}
