using Decant.Torch.Recording;

namespace Decant.Export.Onnx.Symbolic;

/// <summary>Makes one program for all sizes of recordings that were made with several.</summary>
internal sealed class RecordingMerge
{
    private readonly IReadOnlyList<OperatorRecording> _recordings;
    private readonly SizeSolver _solver;
    private readonly Func<object?, string> _nameOf;
    private readonly Dictionary<string, Size> _unsolved = new(StringComparer.Ordinal);

    private RecordingMerge(IReadOnlyList<OperatorRecording> recordings, SizeSolver solver, Func<object?, string> nameOf) => (_recordings, _solver, _nameOf) = (recordings, solver, nameOf);

    /// <summary>The program.</summary>
    /// <param name="recordings">One for each element of the sizes.</param>
    /// <param name="sizes">The sizes that each was made with.</param>
    /// <param name="nameOf">How a <see cref="RecordedCall.Place"/> is named in a message.</param>
    /// <exception cref="RecordingException">The recordings differ in more than sizes: other operators, numbers or constants.</exception>
    public static SymbolicGraph Of(IReadOnlyList<OperatorRecording> recordings, IReadOnlyList<IReadOnlyDictionary<string, long>> sizes, Func<object?, string> nameOf) =>
        new RecordingMerge(recordings, new SizeSolver(sizes), nameOf).Merge();

    private SymbolicGraph Merge()
    {
        var first = _recordings[0];
        for (var i = 0; i < first.Calls.Count; i++)
            RequireSame(i);
        if (_recordings.Any(r => r.Calls.Count != first.Calls.Count || r.Values.Count != first.Values.Count))
            throw Differs(first.Calls[^1], "it calls further operators behind it for some sizes only");
        SymbolicValue[] values = [.. first.Values.Select(Value)]; // before the calls, whose arguments may be sizes of values
        return new SymbolicGraph(values, [.. first.Calls.Select(Call)], first.Outputs);
    }

    private void RequireSame(int index)
    {
        var call = _recordings[0].Calls[index];
        foreach (var other in _recordings.Skip(1))
        {
            if (index >= other.Calls.Count || other.Calls[index].Operator != call.Operator || other.Calls[index].Arguments.Count != call.Arguments.Count)
                throw Differs(call, $"for other sizes it calls {(index < other.Calls.Count ? other.Calls[index].Operator : "nothing")} instead");
        }
    }

    private SymbolicValue Value(RecordedValue value, int index)
    {
        if (_recordings.Any(r => r.Values[index].DType != value.DType || r.Values[index].Shape.Count != value.Shape.Count))
            throw Differs(CallOf(index), "a tensor has another type or number of dimensions");
        if (value.Constant is { } constant && _recordings.Any(r => r.Values[index].Constant is not { } other || !Equal(constant, other)))
            throw Differs(CallOf(index), "it uses numbers that managed code makes anew for every size or input; make them of tensors (Tensor.Arange, Tensor.Full), or keep them in a buffer");
        return new SymbolicValue(value.DType, [.. value.Shape.Select((_, d) => ShapeOf(index, d))], value);
    }

    private SymbolicCall Call(RecordedCall call, int index) =>
        new(call.Operator, [.. call.Arguments.Select((_, a) => Argument(call, index, a))], call.Results, call.Place);

    private RecordedArgument Argument(RecordedCall call, int index, int argument)
    {
        var all = _recordings.Select(r => r.Calls[index].Arguments[argument]).ToArray();
        if (all.Any(a => a.Kind != all[0].Kind))
            throw Differs(call, $"its argument {argument} is of another kind");
        switch (all[0].Kind)
        {
            case ArgumentKind.Integer:
                return all[0] with { Content = SizeOf(call, r => (long)r.Calls[index].Arguments[argument].Content!) };
            case ArgumentKind.Integers:
                var lists = Array.ConvertAll(all, a => (long[])a.Content!);
                if (lists.Any(l => l.Length != lists[0].Length))
                    throw Differs(call, $"its argument {argument} has another number of entries");
                return all[0] with { Content = lists[0].Select((_, i) => SizeOf(call, r => ((long[])r.Calls[index].Arguments[argument].Content!)[i])).ToArray() };
            default:
                return all.All(a => Same(a.Content, all[0].Content))
                    ? all[0]
                    : throw Differs(call, $"its argument {argument} is {all[0].Content} for one size and {all.First(a => !Same(a.Content, all[0].Content)).Content} for another");
        }
    }

    // Of some sizes there is no formula of sums and products, as behind a stride: they are called after the value and the dimension where they were seen first.
    private Size ShapeOf(int value, int dimension)
    {
        long[] seen = [.. _recordings.Select(r => r.Values[value].Shape[dimension])];
        if (_solver.Solve(seen) is { } formula)
            return formula;
        var key = string.Join(' ', seen);
        return _unsolved.TryGetValue(key, out var known) ? known : _unsolved[key] = SizeNames.OfValue(value, dimension);
    }

    private Size SizeOf(RecordedCall? call, Func<OperatorRecording, long> number)
    {
        long[] seen = [.. _recordings.Select(number)];
        return _solver.Solve(seen) ?? _unsolved.GetValueOrDefault(string.Join(' ', seen)) ?? throw Differs(call, $"no formula of the input's sizes was found for the numbers {string.Join(", ", seen)}");
    }

    // The call that gives a value, or the first that takes it.
    private RecordedCall? CallOf(int value) => _recordings[0].Calls.FirstOrDefault(c => c.Results.Contains(value) || c.Arguments.Any(a => a.Content is int index && index == value));

    private RecordingException Differs(RecordedCall? call, string how) =>
        new($"The forward pass is not one graph for all sizes: {call?.Operator ?? "an input"}{_nameOf(call?.Place)}: {how}.");

    private static bool Same(object? left, object? right) => left is Array a && right is Array b ? Equal(a, b) : Equals(left, right);

    private static bool Equal(Array left, Array right) => (left, right) switch
    {
        (float[] l, float[] r) => l.AsSpan().SequenceEqual(r),
        (long[] l, long[] r) => l.AsSpan().SequenceEqual(r),
        (bool[] l, bool[] r) => l.AsSpan().SequenceEqual(r),
        _ => left.Length == right.Length && left.Cast<object>().SequenceEqual(right.Cast<object>()),
    };
}
