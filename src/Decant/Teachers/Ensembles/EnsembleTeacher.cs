using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers.Ensembles;

/// <summary>Several teachers that answer as one; each is frozen as it would be alone.</summary>
/// <remarks>The answer is one teacher's at temperature 1 (see <see cref="Mixture"/>), so that any objective over logits can learn from it.</remarks>
internal sealed class EnsembleTeacher : ITeacher, ICarriesState
{
    private readonly IReadOnlyList<ITeacher> _members;
    private readonly Mixture _mixture;
    private readonly bool _owns;

    /// <summary>Several teachers as one.</summary>
    /// <param name="members">One or more; they give logits of the same classes in the same order, and read text with the same tokenizer.</param>
    /// <param name="mixture">How their answers become one.</param>
    /// <param name="names">What faults call them; null: their numbers.</param>
    /// <param name="owns">Disposes the members with this; true.</param>
    /// <exception cref="DecantException">The members do not belong together: what differs first is named.</exception>
    public EnsembleTeacher(IReadOnlyList<ITeacher> members, Mixture mixture, IReadOnlyList<string>? names = null, bool owns = true)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentOutOfRangeException.ThrowIfLessThan(members.Count, 1);
        for (var i = 0; i < members.Count; i++)
            OfferChecks.CheckAlike((Name(0), members[0].Offer), (Name(i), members[i].Offer), mixture.Of != MixtureOf.Concatenation);
        (_members, _mixture, _owns) = (members, mixture, owns);
        Offer = members[0].Offer with
        {
            Kinds = SignalKinds.DenseLogits,
            Outputs = mixture.Of == MixtureOf.Concatenation ? members.Sum(m => m.Offer.Outputs) : members[0].Offer.Outputs,
        };

        string Name(int i) => names?[i] ?? $"{i + 1}";
    }

    /// <inheritdoc/>
    public TeacherOffer Offer { get; }

    /// <inheritdoc/>
    public Device? Device => _members.Select(m => m.Device).FirstOrDefault(d => d is not null);

    /// <inheritdoc/>
    public bool IsConcurrent => _members.All(m => m.IsConcurrent);

    /// <inheritdoc/>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var answers = _members.Select(m => m.Answer(batch, cancellationToken)).ToArray();
        var mixed = new MixedLogits(answers, _mixture, _mixture.Weights.UsesLabels ? batch.Labels : null) { StateAfter = StateAfter(answers) };
        if (!answers.All(a => a is DenseLogits))
        {
            foreach (var tensor in mixed.Tensors)
                scope.Keep(tensor);
            return mixed;
        }

        foreach (var state in mixed.StateAfter.Values)
            scope.Keep(state);
        return new DenseLogits(scope.Keep(((DenseLogits)mixed.Whole()).Logits)) { StateAfter = mixed.StateAfter };
    }

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        for (var i = 0; i < _members.Count; i++)
            (_members[i] as ICarriesState)?.Restore(state.Where(s => s.Key.StartsWith(Prefix(i), StringComparison.Ordinal)).ToDictionary(s => s.Key[Prefix(i).Length..], s => s.Value));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var member in _owns ? _members : [])
            member.Dispose();
    }

    private static Dictionary<string, Tensor> StateAfter(TeacherSignal[] answers) =>
        answers.SelectMany((a, i) => a.StateAfter.Select(s => (Key: Prefix(i) + s.Key, s.Value))).ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);

    private static string Prefix(int member) => $"{member}.";
}
