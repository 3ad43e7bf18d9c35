using System.ComponentModel;
using Decant.Data;
using Decant.Data.Sources;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Objectives;
using Decant.Signals;
using Decant.Text;
using Decant.Text.Training;

namespace Decant.Runs;

/// <summary>Samples that a program has at hand. A recipe says their name only: a run of such samples goes on in the program that began it.</summary>
internal sealed record OwnSource : SourceOptions
{
    /// <summary>What messages call them.</summary>
    [Description("name of the samples of a program")]
    public string Name { get; init; } = "";

    internal Dataset? Samples { get; init; }

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default) => Samples?.Shared() ?? throw OwnKinds.Missing($"The samples '{Name}'");
}

/// <summary>A model that a program has or makes.</summary>
internal sealed record OwnModel : ModelOptions
{
    /// <summary>What messages call it: its class.</summary>
    [Description("class of a model of a program")]
    public string Class { get; init; } = "";

    internal Func<ModelContext, Model>? Make { get; init; }

    /// <summary>The program's model that what is made begins as, or is; null: it is drawn anew.</summary>
    internal Model? Given { get; init; }

    /// <summary>Whether what <see cref="Make"/> gives is <see cref="Given"/> itself, which stays the program's.</summary>
    internal bool IsLent { get; init; }

    internal Model Create(ModelContext context) => (Make ?? throw OwnKinds.Missing($"The model '{Class}'"))(context)
        ?? throw new DecantException($"The function that makes a model gave null instead of a {Class}: it must give a new model each time.");
}

/// <summary>A tokenizer that a program has.</summary>
internal sealed record OwnTokenizer : TokenizerOptions
{
    /// <summary>The hash of what it does.</summary>
    [Description("hash of a tokenizer of a program")]
    public string Hash { get; init; } = "";

    internal ITokenizer? Tokenizer { get; init; }

    /// <inheritdoc/>
    public override ITokenizer Train(IEnumerable<string> texts, CancellationToken cancellationToken = default) => Tokenizer ?? throw OwnKinds.Missing("The tokenizer");
}

/// <summary>An objective that a program wrote.</summary>
internal abstract record OwnObjectiveOptions : ObjectiveOptions
{
    /// <summary>What messages call it: its class.</summary>
    [Description("class of an objective of a program")]
    public string Class { get; init; } = "";

    internal Func<IObjective>? Make { get; init; }

    internal IObjective Create() => Make?.Invoke() ?? throw OwnKinds.Missing($"The objective '{Class}'");
}

/// <summary>One that compares with a teacher.</summary>
internal sealed record OwnObjective : OwnObjectiveOptions
{
    /// <summary>Whether it compares inner values of the models.</summary>
    [Description("whether it reads features of the models")]
    public bool Features { get; init; }

    /// <inheritdoc/>
    public override bool ReadsFeatures => Features;
}

/// <summary>One that learns from labels alone.</summary>
internal sealed record OwnLabelObjective : OwnObjectiveOptions;

/// <summary>What a program brings itself, under the kind <c>own</c>.</summary>
internal static class OwnKinds
{
    /// <summary>The message where only the recipe of a program's run is at hand.</summary>
    public static DecantException Missing(string what) => new($"{what} belongs to a program, and a recipe cannot make it: start the program that began the run, which resumes it.");
}
