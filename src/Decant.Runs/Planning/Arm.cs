using Decant.Compression.Quantization;
using Decant.Data;
using Decant.Modules;
using Decant.Objectives;
using Decant.Signals;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>Which model is trained and for how long, for an arm with one source of batches or several.</summary>
internal abstract record TrainedArm
{
    public required string Name { get; init; }

    /// <summary>The task of several that it is about; null: the run as a whole.</summary>
    public string? Task { get; init; }
    public required long Seed { get; init; }
    public required ulong Purpose { get; init; }
    public required Model Model { get; init; }
    public required TrainingOptions Fit { get; init; }
    public required Budget Budget { get; init; }
    public ThreadAllocation? Cores { get; init; }

    /// <summary>What its checkpoints are kept under.</summary>
    public string Key => KeyOf(Task, Name);

    /// <summary>What the checkpoints of an arm are kept under, such as <c>teacher@questions</c>; neither name has the sign in it.</summary>
    public static string KeyOf(string? task, string name) => task is null ? name : $"{name}@{task}";

    /// <summary>The task and the name of an arm from the key that its checkpoints are kept under.</summary>
    public static (string? Task, string Name) Parse(string key) => key.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? (key[(at + 1)..], key[..at]) : (null, key);
}

/// <summary>One arm of a run: which model is trained, on what, with which objectives, for how long.</summary>
internal sealed record Arm : TrainedArm
{
    public ITeacher? Teacher { get; init; }

    /// <summary>How the teacher follows the student, and then is a model of this training's own; null: it stays.</summary>
    public FollowOptions? Follow { get; init; }

    /// <summary>The model that gives the reference vectors for validating an embedding; null where its pairs have scores, or the task is another.</summary>
    public Model? TeacherModel { get; init; }
    public required IReadOnlyList<ObjectiveOptions> Objectives { get; init; }
    public bool Convex { get; init; }

    /// <summary>The parts of the model that are trained; null: all of them.</summary>
    public IReadOnlyList<string>? Train { get; init; }

    /// <summary>The parts that stay as they are; null: none.</summary>
    public IReadOnlyList<string>? Freeze { get; init; }

    /// <summary>Whether the validation split chooses its weights even where no objective is about the answers.</summary>
    public bool AsksToBeJudged { get; init; }

    /// <summary>Which part of a student's training this is, in words; null where there is only one.</summary>
    public string? Stage { get; init; }
    public required Dataset Samples { get; init; }

    /// <summary>The form whose rounded numbers the model computes with while it learns; null: with its weights.</summary>
    public QuantizationOptions? Rounding { get; init; }

    /// <summary>Whether scales and zero points are learned alone.</summary>
    public bool LearnsScales { get; init; }

    /// <summary>How many samples of the transfer set the ranges of activations are found from, at most, while it learns.</summary>
    public int RangeSamples { get; init; } = 200;

    /// <summary>The form that the weights are left rounded to afterwards; null: they stay.</summary>
    public QuantizationOptions? RoundedTo { get; init; }
}
