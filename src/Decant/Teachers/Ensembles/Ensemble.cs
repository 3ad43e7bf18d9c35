using Decant.Modules;
using Decant.Torch;

namespace Decant.Teachers.Ensembles;

/// <summary>A model among several that teach together.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Model">The model.</param>
internal sealed record EnsembleMember(string Name, Model Model)
{
    /// <summary>The tags of the samples that it teaches; empty: it teaches all.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>Several models that answer as one, so that they are measured and timed as one. It is never trained, and saved member by member.</summary>
internal sealed class Ensemble : Model
{
    private readonly int? _outputs;

    /// <summary>Several models as one.</summary>
    /// <param name="members">One or more, of any architecture; disposed with this.</param>
    /// <param name="mixture">How their answers become one; a gate is disposed with this.</param>
    /// <param name="outputs">How many numbers of each member's answer count, from the first; null: all, and every member must have as many, but where vectors are concatenated.</param>
    /// <exception cref="DecantException">Members answer with different numbers of classes.</exception>
    public Ensemble(IReadOnlyList<EnsembleMember> members, Mixture mixture, int? outputs = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentOutOfRangeException.ThrowIfLessThan(members.Count, 1);
        var (first, wanted) = (members[0], outputs ?? members[0].Model.Classes);
        if (mixture.Of != MixtureOf.Concatenation && members.FirstOrDefault(m => outputs is null ? m.Model.Classes != wanted : m.Model.Classes < wanted) is { } other)
            throw new DecantException($"The teachers of an ensemble must answer with as many numbers: '{first.Name}' with {first.Model.Classes}, '{other.Name}' with {other.Model.Classes}.");
        (Members, Mixture, _outputs) = (members, mixture, outputs);
        foreach (var member in members)
            RegisterModule(member.Name, member.Model);
        if (mixture.Weights is GateWeights gate)
            RegisterModule("ensemble_gate", gate.Gate);
        Eval();
    }

    /// <summary>The models, in order.</summary>
    public IReadOnlyList<EnsembleMember> Members { get; }

    /// <summary>How their answers become one.</summary>
    public Mixture Mixture { get; }

    /// <inheritdoc/>
    public override string Kind => "ensemble";

    /// <summary>None: there is no single value that a head is applied to.</summary>
    public override IReadOnlyList<string> Parts => [];

    /// <inheritdoc/>
    public override int Classes => _outputs ?? (Mixture.Of == MixtureOf.Concatenation ? Members.Sum(m => m.Model.Classes) : Members[0].Model.Classes);

    /// <summary>The joint answer, without a look at labels.</summary>
    public override Tensor Forward(ModelInput input)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(Mixture.Answer([.. Members.Select(m => Counting(m.Model.Forward(input)))]));
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape)
    {
        long flops = 0;
        foreach (var member in Members)
            flops += member.Model.FlopsPerSample(sampleShape);
        return flops;
    }

    private Tensor Counting(Tensor logits) => _outputs is { } outputs && logits.Size(1) > outputs ? logits.Narrow(1, 0, outputs) : logits;
}
