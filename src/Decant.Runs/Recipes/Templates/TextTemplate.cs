namespace Decant.Runs.Recipes.Templates;

internal static class TextTemplate
{
    public static string Write(string name, string source, (string Seeds, string TeacherSeed) seeds) => $$"""
        # A small text classifier, distilled from a larger one that is trained first.
        # 'decant check' reports all errors of this file and what it would do; 'decant distill' runs it.
        name: {{name}}
        task: classification
        {{seeds.Seeds}}

        data:
          train: {{source}}
          split: { validation: 0.1, test: 0.2 }   # fractions, or numbers of samples; seeded, stratified
          # student-labels: 1000                  # labels visible to the student; on the other samples it learns from the teacher only; the baseline all-labels is trained for comparison

        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 8000 }
          max-tokens: 128                         # longer texts are truncated

        teacher:
        {{seeds.TeacherSeed}}  model: { kind: textcnn, embedding: 256, filters: 256 }   # trained from scratch; load a pretrained one where there is any
          train:
            epochs: 8
            batch: 32
            optimizer: { kind: adamw, learning-rate: 1e-3 }
            schedule: { kind: linear, warm-up: 0.1 }

        student:
          model: { kind: textcnn, embedding: 64, filters: 64 }

        distill:
          epochs: 6
          batch: 64
          optimizer: { kind: adamw, learning-rate: 2e-3 }
          schedule: { kind: linear, warm-up: 0.1 }
          objectives:
            - { kind: soft-targets, temperature: 2, weight: 0.5 }   # 0.9, and 0.1 below, where the student sees few labels or the teacher is far better
            - { kind: labels, weight: 0.5 }

        control: true                             # also train the student without the teacher, to measure the effect of the teacher

        """;
}
