using Decant.Teachers.Remote.Classifying;

namespace Decant.Runs.Distilling;

/// <summary>How a chat model teaches a classifier from a prompt; see <see cref="ModelSource.Of(Microsoft.Extensions.AI.IChatClient, ChatTeacherOptions)"/>.</summary>
public sealed record ChatTeacherOptions
{
    /// <summary>What identifies the model, its version included: answers of another are asked for anew.</summary>
    public required string Model { get; init; }

    /// <summary>A folder of stores in which every answer is kept; nothing that is there is asked again.</summary>
    public required string Answers { get; init; }

    /// <summary>The terms or licence under which the answers may train a model; they go into the model card.</summary>
    public required string Terms { get; init; }

    /// <summary>What it is asked, and how its answer becomes probabilities. Without classes: those of the samples.</summary>
    public ChatClassifierOptions Ask { get; init; } = new();

    /// <summary>Whether its probabilities are calibrated on the labelled training samples; default: true.</summary>
    public bool Calibrate { get; init; } = true;

    /// <summary>How many requests are out at the same time; default: 8.</summary>
    public int Concurrency { get; init; } = 8;
}
