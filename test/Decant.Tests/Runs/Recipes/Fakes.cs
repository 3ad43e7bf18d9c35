using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data;
using Decant.Data.Sources;
using Decant.Models.Configuration;
using Decant.Objectives;
using Decant.Objectives.Logits;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Text;
using Decant.Text.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Runs.Recipes;

/// <summary>Kinds as the catalog has them, so that this room is tested without the others.</summary>
internal static class Fakes
{
    public static IKindRegistry Kinds { get; } = KindTable.Empty
        .With(Sections.Source, new KindEntry("idx", typeof(IdxLike)) { Inputs = [InputKind.Image] })
        .With(Sections.Source, new KindEntry("csv", typeof(CsvLike)) { Inputs = [InputKind.Text, InputKind.Vector] })
        .With(Sections.Source, new KindEntry("tsv", typeof(TsvLike)) { Inputs = [InputKind.Text] })
        .With(Sections.Source, new KindEntry("jsonl", typeof(JsonlLike)) { Inputs = [InputKind.Text] })
        .With(Sections.Source, new KindEntry("labelled-lines", typeof(LinesLike)) { Inputs = [InputKind.Text] })
        .With(Sections.Source, new KindEntry("cifar", typeof(CifarLike)) { Inputs = [InputKind.Image] })
        .With(Sections.Source, new KindEntry("dotnet-docs", typeof(DocsLike)) { Inputs = [InputKind.Text] })
        .With<TokenizerLike>(Sections.Tokenizer, "wordpiece")
        .With(Sections.Model, new KindEntry("mlp", typeof(MlpLike)) { Inputs = [InputKind.Image, InputKind.Vector] })
        .With(Sections.Model, new KindEntry("cnn", typeof(CnnLike)) { Inputs = [InputKind.Image] })
        .With(Sections.Model, new KindEntry("resnet", typeof(ResNetLike)) { Inputs = [InputKind.Image] })
        .With(Sections.Model, new KindEntry("encoder", typeof(EncoderLike)) { Inputs = [InputKind.Text] })
        .With(Sections.Model, new KindEntry("textcnn", typeof(TextCnnLike)) { Inputs = [InputKind.Text] })
        .With<SgdLike>(Sections.Optimizer, "sgd")
        .With<AdamLike>(Sections.Optimizer, "adamw")
        .With<ConstantRate>(Sections.Schedule, "constant")
        .With<CosineLike>(Sections.Schedule, "cosine")
        .With<LinearLike>(Sections.Schedule, "linear")
        .With<Labels>(Sections.Objective, "labels")
        .With(Sections.Objective, new KindEntry("soft-targets", typeof(SoftLike)) { NeedsTeacher = true })
        .With<NoOptions>(Sections.Metric, "accuracy")
        .With<NoOptions>(Sections.Metric, "macro-f1");

    public const string Image = """
        name: small
        data:
          train: { kind: idx, images: train.idx }
          split: { validation: 0.1, test: 100 }
        input:
          kind: image
        teacher:
          model: { kind: mlp, hidden: [12] }
          train:
            epochs: 2
            batch: 8
            optimizer: { kind: sgd, learning-rate: 0.1 }
        student:
          model: { kind: mlp, hidden: [3] }
        distill:
          epochs: 2
          batch: 8
          optimizer: { kind: sgd, learning-rate: 0.1 }
          objectives:
            - { kind: soft-targets, temperature: 4, weight: 0.5 }
            - { kind: labels, weight: 0.5 }

        """;

    public static RecipeReader Reader(params (string Name, string Value)[] environment) => new(Kinds)
    {
        Environment = name => environment.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault(),
    };

    public static RecipeDocument Read(string yaml, params string[] overrides) => Reader().Parse(yaml, "x.yaml", "/recipes", overrides);

    public static string KindOf(string section, object options) => Kinds.KindOf(section, options);

    public static string[] Faults(string yaml, params string[] overrides) =>
        [.. Assert.Throws<RecipeException>(() => Read(yaml, overrides)).Faults.Select(f => f.ToString())];
}

internal abstract record SourceLike : SourceOptions
{
    public IReadOnlyList<string>? Classes { get; init; }

    public override Dataset Open(CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

internal sealed record IdxLike : SourceLike
{
    [Description("the IDX file of the images")]
    [LocalPath]
    public required string Images { get; init; }

    [LocalPath]
    public string? Labels { get; init; }
}

internal sealed record TsvLike : TableLike;

internal sealed record JsonlLike : TableLike;

internal sealed record CsvLike : TableLike;

internal abstract record TableLike : SourceLike
{
    [LocalPath]
    public required string File { get; init; }

    public string Text { get; init; } = "text";

    public string? Label { get; init; } = "label";

    public bool Header { get; init; } = true;

    public IReadOnlyDictionary<string, double>? Share { get; init; }
}

internal sealed record LinesLike : SourceLike
{
    [LocalPath]
    public required string File { get; init; }
}

internal sealed record CifarLike : SourceLike
{
    [LocalPath]
    [MinLength(1)]
    public required IReadOnlyList<string> Files { get; init; }
}

internal sealed record DocsLike : SourceOptions
{
    [Range(2, 100)]
    public int Classes { get; init; } = 20;

    public override Dataset Open(CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

internal sealed record TokenizerLike : TokenizerOptions
{
    [Range(100, 1_000_000)]
    public int Vocabulary { get; init; } = 8000;

    public override ITokenizer Train(IEnumerable<string> texts, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

internal sealed record CnnLike : ModelOptions;

internal sealed record MlpLike : ModelOptions, IValidatableObject
{
    [Range(1, 65_536)]
    public required IReadOnlyList<int> Hidden { get; init; }

    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double InputDropout { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Hidden.Count > 3) yield return new ValidationResult("at most three hidden layers", [nameof(Hidden)]);
    }
}

internal enum Norm
{
    BatchNorm,
    LayerNorm,
}

internal sealed record ResNetLike : ModelOptions
{
    public required int Depth { get; init; }

    public Norm Norm { get; init; } = Norm.BatchNorm;
}

internal sealed record EncoderLike : ModelOptions
{
    public int Layers { get; init; } = 4;

    public int Hidden { get; init; } = 256;

    public int Heads { get; init; } = 4;
}

internal sealed record TextCnnLike : ModelOptions
{
    public int Embedding { get; init; } = 64;

    public int Filters { get; init; } = 64;
}

internal sealed record SgdLike : OptimizerOptions
{
    public float Momentum { get; init; }

    public bool Nesterov { get; init; }
}

internal sealed record AdamLike : OptimizerOptions;

internal sealed record CosineLike : ScheduleOptions;

internal sealed record LinearLike : ScheduleOptions;

internal sealed record SoftLike : ObjectiveOptions
{
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Temperature { get; init; } = 1;
}
