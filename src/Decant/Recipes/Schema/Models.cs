using System.ComponentModel;

namespace Decant.Recipes;

/// <summary>The large model.</summary>
public sealed record TeacherSection
{
    /// <summary>Its network; null only where <see cref="Load"/> names a folder that says it.</summary>
    [Description("its network")]
    [ChoiceOf(Sections.Model)]
    public Choice? Model { get; init; }

    /// <summary>Weights to load: a file (safetensors or PyTorch's), or a folder with <c>config.json</c>; null: it is trained here.</summary>
    [Description("weights to load: a file (safetensors, or PyTorch's .bin, .pt, .pth, .th, .ckpt) or a model's folder")]
    [LocalPath]
    public string? Load { get; init; }

    /// <summary>Whether a head that <see cref="Load"/> lacks, or has for another task, is drawn and then trained; false: that is a fault.</summary>
    [Description("draw a head that the loaded weights lack or have for another task; teacher.train trains it")]
    public bool NewHead { get; init; }

    /// <summary>How it is trained, from <see cref="Load"/> on where that is given; null: it stays as loaded.</summary>
    [Description("how it is trained")]
    public TrainSection? Train { get; init; }
}

/// <summary>The small model.</summary>
public sealed record StudentSection
{
    /// <summary>Its network.</summary>
    [Description("its network")]
    [ChoiceOf(Sections.Model)]
    public required Choice Model { get; init; }
}
