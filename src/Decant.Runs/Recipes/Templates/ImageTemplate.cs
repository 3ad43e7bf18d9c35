using Decant.Runs.Recipes.Writing;

namespace Decant.Runs.Recipes.Templates;

internal static class ImageTemplate
{
    public static string Write(string name, string data, DataGuess guess, (string Seeds, string TeacherSeed) seeds) => $$"""
        # A small image classifier, distilled from a larger one that is trained first.
        # 'decant check' reports all errors of this file and what it would do; 'decant distill' runs it.
        name: {{name}}
        task: classification
        {{seeds.Seeds}}

        data:
          train:
        {{(guess.Kind switch { "idx" => Idx(data), "cifar" => Cifar(data), _ => Folder(data, guess) })}}
          split: { validation: 0.1, test: 0.2 }   # fractions, or numbers of samples; seeded, stratified

        input:
          kind: image

        teacher:
        {{seeds.TeacherSeed}}  model: {{(guess.Kind == "idx" ? "{ kind: cnn }" : "{ kind: resnet, depth: 32 }")}}
          train:
            epochs: 10
            batch: 64
            {{(guess.Kind == "idx" ? "optimizer: { kind: adamw, learning-rate: 1e-3 }" : "optimizer: { kind: sgd, learning-rate: 0.05, momentum: 0.9 }")}}
            schedule: { kind: cosine, warm-up: 0.1 }
            augment: {{(guess.Kind == "idx" ? "{ shift: 2 }" : "{ crop-padding: 4, flip: true }")}}

        student:
          model: {{(guess.Kind == "idx" ? "{ kind: cnn, channels: [8, 16], hidden: 32 }" : "{ kind: resnet, depth: 8 }")}}

        distill:
          epochs: 10
          batch: 64
          {{(guess.Kind == "idx" ? "optimizer: { kind: adamw, learning-rate: 2e-3 }" : "optimizer: { kind: sgd, learning-rate: 0.05, momentum: 0.9 }")}}
          schedule: { kind: cosine, warm-up: 0.1 }
          objectives:
            - { kind: soft-targets, temperature: 2, weight: 0.5 }   # 0.9, and 0.1 below, where the student sees few labels or the teacher is far better
            - { kind: labels, weight: 0.5 }

        control: true                             # also train the student without the teacher, to measure the effect of the teacher

        """;

    private static string Idx(string images)
    {
        // The names of MNIST and of everything named after it: train-images-idx3-ubyte beside train-labels-idx1-ubyte.
        var file = Path.GetFileName(images);
        var labels = file.Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal).Replace("idx4", "idx1", StringComparison.Ordinal);
        if (labels == file) labels = "labels" + Path.GetExtension(file);
        return $"    kind: idx\n    images: {YamlText.Value(images)}\n    labels: {YamlText.Value(images[..^file.Length] + labels)}";
    }

    private static string Folder(string folder, DataGuess guess)
    {
        var size = guess.Size is { } side ? $"\n    size: {side}                              # all pictures become squares of this side; 'crop: true' cuts, the default stretches" : "";
        return $"    kind: image-folder\n    folder: {YamlText.Value(folder)}{size}{(guess.AreGrey ? "\n    channels: 1" : "")}";
    }

    private static string Cifar(string file) => $"    kind: cifar\n    files: [{YamlText.Value(file)}]";
}
