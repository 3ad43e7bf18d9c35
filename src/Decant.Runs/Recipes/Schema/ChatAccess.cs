using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Teachers.Remote.Limits;

namespace Decant.Runs.Recipes.Schema;

/// <summary>How a model behind an OpenAI-compatible API is reached, and what its answers may cost.</summary>
internal abstract record EndpointReach
{
    /// <summary>Where the API is: what stands before <c>/chat/completions</c> or <c>/completions</c>.</summary>
    [Description("address of an OpenAI-compatible API, such as https://api.openai.com/v1 or http://localhost:8000/v1")]
    public required string Endpoint { get; init; }

    /// <summary>The model's name, as the server knows it.</summary>
    [Description("name of the model, as the server knows it")]
    public required string Model { get; init; }

    /// <summary>The environment variable that holds the key; default: <c>OPENAI_API_KEY</c>.</summary>
    [Description("environment variable that holds the API key; a server on this machine needs none")]
    public string Key { get; init; } = "OPENAI_API_KEY";

    /// <summary>The name that every answer must say; another is asked again. Null, the default: not compared.</summary>
    [Description("name of the model that every answer must say, where a server may answer with another; default: not compared")]
    public string? ExpectedModel { get; init; }

    /// <summary>What it may cost; null: no limit.</summary>
    [Description("what may be spent; default: no limit")]
    public ChatBudget? Budget { get; init; }

    /// <summary>How much is sent at most.</summary>
    [Description("how much is sent at the same time and within a minute")]
    public RateLimitOptions Limit { get; init; } = new();

    /// <summary>How often a request is sent that fails; default: 6.</summary>
    [Description("how often a request is sent before it is given up")]
    [Range(1, 100)]
    public int Attempts { get; init; } = 6;
}

/// <summary>How a chat model is reached, and where its answers are kept.</summary>
internal record ChatReach : EndpointReach
{
    /// <summary>What stands for <see cref="EndpointReach.Endpoint"/> where a program asks by a client of its own.</summary>
    public const string OwnClient = "own";

    /// <summary>A version of the model that its name does not say; part of what identifies it in the store. Default: empty.</summary>
    [Description("version of the model that its name does not say: answers of another version are asked for anew")]
    public string Version { get; init; } = "";

    /// <summary>A folder of stores, in which no answer is asked for twice.</summary>
    [Description("folder of stores in which every answer is kept, shared by runs: nothing is paid for twice")]
    [LocalPath]
    public required string Answers { get; init; }
}

/// <summary>The same for a model whose answers another learns from.</summary>
internal record ChatAccess : ChatReach
{
    /// <summary>The terms under which its answers may be learned from; they go into the model card.</summary>
    [Description("terms or licence under which the answers may be used to train a model; carried into the model card")]
    public required string Terms { get; init; }
}

/// <summary>The most that a chat model's answers may cost in one run, and the prices.</summary>
internal sealed record ChatBudget
{
    /// <summary>Money, in the currency of the prices; null: not limited.</summary>
    [Description("most money, in the currency of the prices")]
    [Range(0.000001, 1e9)]
    public double? Money { get; init; }

    /// <summary>Tokens of prompts and answers; null: not limited.</summary>
    [Description("most tokens, of prompts and answers together")]
    [Range(1, long.MaxValue)]
    public long? Tokens { get; init; }

    /// <summary>Requests, failed ones included; null: not limited.</summary>
    [Description("most requests, failed ones included")]
    [Range(1, long.MaxValue)]
    public long? Requests { get; init; }

    /// <summary>The price of a million tokens of prompts; null: unknown.</summary>
    [Description("price of a million input tokens; needed with money")]
    [Range(0.0, 1e9)]
    public double? InputPrice { get; init; }

    /// <summary>The price of a million generated tokens; null: unknown.</summary>
    [Description("price of a million output tokens; needed with money")]
    [Range(0.0, 1e9)]
    public double? OutputPrice { get; init; }
}
