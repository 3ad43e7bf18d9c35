using System.ComponentModel;
using Decant.Teachers.Remote.Scoring;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A language model behind an API that scores the tokens of the texts that the student writes, and so is its teacher on-policy. Nothing of it is stored: each text is new.</summary>
internal sealed record ScoresSection : EndpointReach
{
    /// <summary>The terms under which its scores may be learned from; they go into the model card.</summary>
    [Description("terms or licence under which the scores may be used to train a model; carried into the model card")]
    public required string Terms { get; init; }

    /// <summary>What it is asked for.</summary>
    [Description("how the server is asked for the log-probabilities of a text's tokens")]
    public TokenScorerOptions Ask { get; init; } = new();
}
