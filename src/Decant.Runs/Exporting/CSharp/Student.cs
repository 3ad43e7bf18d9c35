using Decant.Models.Configuration;

namespace Decant.Runs.Exporting.CSharp;

/// <summary>A student that a project is written around.</summary>
internal sealed record Student
{
    /// <summary>What the class is called.</summary>
    public required CSharpName Name { get; init; }

    /// <summary>What it answers with.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>The classes in the order of the logits; empty where the task has none.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Whether it reads texts; else images or vectors.</summary>
    public required bool ReadsText { get; init; }

    /// <summary>Whether it reads pairs of texts and nothing else.</summary>
    public bool ReadsPairs { get; init; }

    /// <summary>What it is, for people: <c>TextCNN of 64</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>How its weights are stored: <c>float32</c>, <c>int8</c> ….</summary>
    public required string Form { get; init; }

    /// <summary>The size of its ONNX file.</summary>
    public required long Bytes { get; init; }

    /// <summary>The version of Decant that writes, and of the package that runs the student.</summary>
    public required string Version { get; init; }

    /// <summary>The folder of the model's files in a program's folder.</summary>
    public string Folder => $"{Name.Full}.model";
}
