using Decant.Export.Tensors;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Loading;

/// <summary>Which stored tensor goes into which of a model, computed from the names and shapes alone.</summary>
internal sealed class KeyMatch
{
    private readonly Dictionary<string, Tensor> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<Tensor, string> _taken = new(ReferenceEqualityComparer.Instance);
    private readonly IReadOnlyDictionary<string, StoredTensor> _stored;
    private readonly IReadOnlySet<Tensor> _optional;
    private readonly KeyRule _rule;
    private readonly string _base;
    private readonly bool _newHead;
    private readonly OutputHead? _output;
    private readonly List<string> _outputs = [];
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    public KeyMatch(Module module, IReadOnlyDictionary<string, StoredTensor> stored, bool newHead)
    {
        (_stored, _newHead, _optional, _output) = (stored, newHead, module.OptionalBuffers(), (module as ChunkedHeadModel)?.Head);
        foreach (var (name, tensor) in module.NamedState())
            _own[name] = tensor;
        _rule = KeyRule.Best(_own.ToDictionary(o => o.Key, o => (IReadOnlyList<long>)o.Value.Shape, StringComparer.Ordinal), stored);
        _base = _rule.Add.Length > 0 ? _rule.Add : HeadNames.BasesOf(_own.Keys).FirstOrDefault("");
        foreach (var name in stored.Keys.Order(StringComparer.Ordinal))
            Place(name);
        foreach (var name in _outputs)
            PlaceOutput(name);
        foreach (var (name, tensor) in module.StateDict())
            Account(name, tensor);
    }

    /// <summary>Stored names by the model's tensors.</summary>
    public IReadOnlyDictionary<Tensor, string> Taken => _taken;

    /// <summary>Pairs of stored names that must hold the same values: the model has one tensor for both.</summary>
    public List<(string Kept, string Same)> Twins { get; } = [];

    /// <summary>Stored names without a place that is no fault.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>The model's names that keep their drawn values.</summary>
    public List<string> Drawn { get; } = [];

    /// <summary>What does not fit, one line each.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Whether all that is missing is a head, so that a new one would do.</summary>
    public bool LacksHeadOnly { get; private set; } = true;

    /// <summary>Adds a fault that a new head would not repair.</summary>
    public void Blame(string fault)
    {
        LacksHeadOnly = false;
        Faults.Add(fault);
    }

    public IEnumerable<string> Remarks()
    {
        foreach (var line in _rule.Words())
            yield return line;
        if (LeftOut.Count > 0)
            yield return $"left out, since the model has no place for them: {Some(LeftOut)}";
        if (Drawn.Count > 0)
            yield return $"new, since the file has no such head: {Some(Drawn)}";
    }

    // The tensor of the model for a stored one, or why there is none.
    private void Place(string name)
    {
        var stored = _stored[name];
        var mapped = _rule.Apply(name, _own.ContainsKey);
        if (!_own.TryGetValue(mapped, out var tensor))
            Homeless(name, mapped, stored);
        else if (_taken.TryGetValue(tensor, out var other))
            Twin(name, other);
        else if (!tensor.Shape.AsSpan().SequenceEqual([.. stored.Shape]))
            OtherShape(name, mapped, tensor);
        else if (tensor.DType.IsFloatingPoint() && !stored.DType.IsFloatingPoint())
            OtherType(mapped, stored);
        else
            _taken.Add(tensor, name);
    }

    private void OtherType(string mapped, StoredTensor stored)
    {
        _reported.Add(mapped);
        Blame($"dtype: {mapped} is {stored.DType} in the file; floating-point numbers are needed, and quantised weights are not read");
    }

    private void Twin(string name, string other)
    {
        if (_stored[name].Shape.SequenceEqual(_stored[other].Shape))
            Twins.Add((other, name));
        else
            Blame($"twice: {other} {Shape(_stored[other].Shape)} and {name} {Shape(_stored[name].Shape)} are the same weight of the model");
    }

    private void OtherShape(string name, string mapped, Tensor tensor)
    {
        if (HeadNames.IsComputed(name, _stored[name].Shape) || (_newHead && HeadNames.IsHead(mapped, _base)))
        {
            LeftOut.Add(name);
            return;
        }

        LacksHeadOnly &= HeadNames.IsHead(mapped, _base);
        _reported.Add(mapped);
        Faults.Add($"shape: {mapped} is {Shape(tensor.Shape)} in the model, {Shape(_stored[name].Shape)} in the weights");
    }

    private void Homeless(string name, string mapped, StoredTensor stored)
    {
        if (_output is not null && HeadNames.IsOutput(name))
            _outputs.Add(name);
        else if (HeadNames.IsComputed(name, stored.Shape) || IsOtherHead(name, mapped))
            LeftOut.Add(name);
        else if (HeadNames.MayBeTied(name) && Embedding(stored) is { } embedding)
            Twins.Add((embedding, name));
        else
            Unexpected(name, mapped, stored);
    }

    // A head of the vocabulary that the model has under no name of its own: its settings tie it to the embedding, and the file must mean the same.
    private void PlaceOutput(string name)
    {
        var output = _output ?? throw new InvalidOperationException("The model has no output of its own.");
        var tensor = name.EndsWith(".bias", StringComparison.Ordinal) ? output.Bias : output.Weight;
        if (tensor is null)
            Unexpected(name, name, _stored[name]);
        else if (_taken.TryGetValue(tensor, out var other))
            Twin(name, other);
        else if (tensor.Shape.AsSpan().SequenceEqual([.. _stored[name].Shape]) && _stored[name].DType.IsFloatingPoint())
            _taken.Add(tensor, name);
        else
            Blame($"shape: {name} is {Shape(_stored[name].Shape)} in the weights, and the model's output is {Shape(tensor.Shape)}");
    }

    private void Unexpected(string name, string mapped, StoredTensor stored)
    {
        LacksHeadOnly &= HeadNames.IsHead(mapped, _base);
        Faults.Add($"unexpected: {name} {Shape(stored.Shape)}");
    }

    // A head that the model has not: left out by a model without one, and by a model that gets a new one.
    private bool IsOtherHead(string name, string mapped)
    {
        if (HeadNames.IsPooler(name))
            return !_own.Keys.Any(HeadNames.IsPooler);
        if (_rule.Strip.Length > 0)
            return !name.StartsWith(_rule.Wrapper + _rule.Strip, StringComparison.Ordinal);
        if (_rule.Add.Length > 0)
            return _newHead && HeadNames.IsHead(mapped[_rule.Add.Length..], "");
        return HeadNames.IsHead(mapped, _base) && (_newHead || (_base.Length > 0 && _own.Keys.All(n => n.StartsWith(_base, StringComparison.Ordinal))));
    }

    private string? Embedding(StoredTensor stored) => _stored.Values
        .Where(s => s.Name != stored.Name && !HeadNames.MayBeTied(s.Name) && s.DType == stored.DType && s.Shape.SequenceEqual(stored.Shape))
        .Select(s => s.Name).Order(StringComparer.Ordinal).FirstOrDefault(n => n.Contains("embed", StringComparison.Ordinal) || n.EndsWith("wte.weight", StringComparison.Ordinal) || n.EndsWith(".bias", StringComparison.Ordinal));

    private void Account(string name, Tensor tensor)
    {
        if (_taken.ContainsKey(tensor) || _optional.Contains(tensor) || HeadNames.IsComputed(name, tensor.Shape))
            return;
        var isHead = HeadNames.IsHead(name, _base);
        if (_newHead && isHead)
        {
            Drawn.Add(name);
            return;
        }

        // Its shape, or its type, was reported already.
        if (_reported.Contains(name))
            return;
        LacksHeadOnly &= isHead;
        Faults.Insert(0, $"missing: {name} {Shape(tensor.Shape)}");
    }

    private static string Shape(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";

    private static string Some(IReadOnlyList<string> names) => string.Join(", ", names.Take(6)) + (names.Count > 6 ? $" … {names.Count} in all" : "");
}
