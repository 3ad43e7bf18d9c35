using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A large model: its network, and where its weights come from.</summary>
public abstract record LargeModelSection
{
    /// <summary>Its network; null only where <see cref="Load"/> names a folder that says it.</summary>
    [Description("model architecture")]
    [ChoiceOf(Sections.Model)]
    public Choice? Model { get; init; }

    /// <summary>Weights to load: a file (safetensors or PyTorch's), or a folder with <c>config.json</c>; null: it is trained here.</summary>
    [Description("weights to load: a file (safetensors, or PyTorch's .bin, .pt, .pth, .th, .ckpt) or a model folder")]
    [LocalPath]
    public string? Load { get; init; }

    /// <summary>Whether a head that <see cref="Load"/> lacks, or has for another task, is initialized anew and then trained; false: that is an error.</summary>
    [Description("initialize the head anew where the loaded weights lack it or have it for another task; train it with teacher.train")]
    public bool NewHead { get; init; }

    /// <summary>How it is trained, from <see cref="Load"/> on where that is given; null: it stays as loaded.</summary>
    [Description("training options; absent: not trained")]
    public TrainSection? Train { get; init; }

    /// <summary>The seed of its weights and training: it is trained once and shared by all seeds of the run; null: it is trained anew with each of them.</summary>
    [Description("train it once with this random seed and use it for all seeds of the run; default: trained anew for each seed")]
    [Range(0, long.MaxValue)]
    public long? Seed { get; init; }
}

/// <summary>The large model.</summary>
public sealed record TeacherSection : LargeModelSection;

/// <summary>The small model.</summary>
public sealed record StudentSection
{
    /// <summary>Its architecture, with random weights; this or <see cref="FromTeacher"/>.</summary>
    [Description("model architecture")]
    [ChoiceOf(Sections.Model)]
    public Choice? Model { get; init; }

    /// <summary>A part of its teacher, with the teacher's weights; this or <see cref="Model"/>.</summary>
    [Description("initialize the model from a part of its teacher")]
    public FromTeacherSection? FromTeacher { get; init; }

    /// <summary>How many of them learn one after the other, the first from the teacher and each other from the one before; default: 1. The last is the student.</summary>
    [Description("number of generations (born-again networks): each student is the teacher of the next")]
    [Range(1, 100)]
    public int Generations { get; init; } = 1;
}

/// <summary>Which part of its teacher a student begins as; what is left out stays as it is.</summary>
public sealed record FromTeacherSection
{
    /// <summary>How many layers.</summary>
    [Description("number of layers")]
    [Range(1, 100_000)]
    public int? Layers { get; init; }

    /// <summary>Which layers of the teacher they are; default: evenly spread.</summary>
    [Description("which layers of the teacher are taken")]
    public LayerChoice Choose { get; init; } = LayerChoice.Uniform;

    /// <summary>The layers by number, from 0 at the bottom, instead of <see cref="Layers"/> and <see cref="Choose"/>.</summary>
    [Description("indices of the teacher's layers, from 0; instead of layers and choose")]
    [Range(0, 100_000)]
    public IReadOnlyList<int>? LayerIndices { get; init; }

    /// <summary>The width of the hidden states, H: the first H columns of the teacher's.</summary>
    [Description("hidden size: the first dimensions of the teacher's; default: the teacher's")]
    [Range(1, 1 << 20)]
    public int? Hidden { get; init; }

    /// <summary>The number of attention heads: the first ones of the teacher's; their width stays.</summary>
    [Description("number of attention heads: the first of the teacher's; default: the teacher's")]
    [Range(1, 1 << 20)]
    public int? Heads { get; init; }

    /// <summary>Heads of keys and values, where they are fewer.</summary>
    [Description("number of key and value heads, where there are fewer than attention heads")]
    [Range(1, 1 << 20)]
    public int? KeyValueHeads { get; init; }

    /// <summary>The width between the linear layers of a block.</summary>
    [Description("width of the feed-forward layer; default: the teacher's")]
    [Range(1, 1 << 24)]
    public int? Intermediate { get; init; }
}

/// <summary>Which of the teacher's layers a student takes.</summary>
public enum LayerChoice
{
    /// <summary>Evenly spread from the first to the last.</summary>
    Uniform,

    /// <summary>The lowest.</summary>
    First,

    /// <summary>The highest.</summary>
    Last,

    /// <summary>Half of them from below, half from above.</summary>
    FirstAndLast,
}
