using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>What a server is asked for, to score the tokens of a text.</summary>
internal sealed record TokenScorerOptions
{
    /// <summary>How it is asked; default: by echo.</summary>
    [Description("how the server is asked for log-probabilities of a prompt: echo (vLLM, SGLang), or prompt-logprobs (vLLM)")]
    public PromptLogprobsForm Form { get; init; } = PromptLogprobsForm.Echo;

    /// <summary>How many tokens it generates beside, which are not read: 0, the default, or 1 for a server that refuses 0. With <see cref="PromptLogprobsForm.PromptLogprobs"/> always 1.</summary>
    [Description("tokens that the server generates beside, which are not read: 1 for a server that refuses 0; with prompt-logprobs always 1")]
    [Range(0, 1)]
    public int GeneratedTokens { get; init; }

    internal int Generated => Form == PromptLogprobsForm.PromptLogprobs ? 1 : GeneratedTokens;

    internal void Check()
    {
        if (GeneratedTokens is < 0 or > 1 || !Enum.IsDefined(Form))
            throw new DecantException($"token scorer: expected a form that there is and 0 or 1 generated tokens, came {Form} and {GeneratedTokens}.");
    }
}
