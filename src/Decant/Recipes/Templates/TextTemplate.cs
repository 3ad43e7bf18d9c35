namespace Decant.Recipes;

internal static class TextTemplate
{
    public static string Write(string name, string source, (string Seeds, string TeacherSeed) seeds) => $$"""
        # A small text classifier, taught by a larger one that is trained first.
        # 'decant check' says everything that is wrong with this file and what it would do; 'decant distill' runs it.
        name: {{name}}
        task: classification
        {{seeds.Seeds}}

        data:
          train: {{source}}
          split: { validation: 0.1, test: 0.2 }   # shares, or numbers of samples; seeded, stratified
          # student-labels: 1000                  # how many labels the student may see; the rest it learns from the teacher, and a third student learns from all labels, to compare

        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 8000 }
          max-tokens: 128                         # longer texts are cut

        teacher:
        {{seeds.TeacherSeed}}  model: { kind: encoder, layers: 4, hidden: 256, heads: 4 }
          train:
            epochs: 3
            batch: 32
            optimizer: { kind: adamw, learning-rate: 5e-4 }
            schedule: { kind: linear, warm-up: 0.1 }

        student:
          model: { kind: textcnn, embedding: 64, filters: 64 }

        distill:
          epochs: 6
          batch: 64
          optimizer: { kind: adamw, learning-rate: 2e-3 }
          schedule: { kind: linear, warm-up: 0.1 }
          objectives:
            - { kind: soft-targets, temperature: 2, weight: 0.9 }
            - { kind: labels, weight: 0.1 }

        control: true                             # also train the student without the teacher, to see what the teacher was worth

        """;
}
