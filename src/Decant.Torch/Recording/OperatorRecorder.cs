namespace Decant.Torch.Recording;

/// <summary>Records every operator that is called from managed code while it is open: the program as a graph.</summary>
/// <remarks>
/// What managed code decides by the numbers in a tensor, or writes into a part of one, no graph can hold; it is refused when it happens. Autograd's own calls are not seen.
/// </remarks>
internal sealed class OperatorRecorder : OperatorListener
{
    private readonly List<RecordedValue> _values = [];
    private readonly List<RecordedCall> _calls = [];
    private readonly Dictionary<Tensor, int> _indices = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, Tensor> _states = new(ReferenceEqualityComparer.Instance);
    private readonly ViewGroups _views = new();
    private readonly Stack<(string Operator, RecordedArgument[] Arguments)> _pending = new();
    private readonly bool _keepsDerived;
    private int _unplaced;
    private int _composites;
    private bool _isReading;

    /// <summary>Begins to record; ends when disposed.</summary>
    /// <param name="state">Parameters and buffers: tensors that are there before, and stay as they are.</param>
    /// <param name="keepsDerived">Whether the elements are kept of what is computed of state and constants alone.</param>
    public OperatorRecorder(IEnumerable<Tensor> state, bool keepsDerived)
    {
        _keepsDerived = keepsDerived;
        foreach (var tensor in state)
            _states[tensor] = tensor;
    }

    /// <summary>Whether operators are recorded here. What is left out for small sizes must not be left out then: the recording stands for all sizes.</summary>
    public static bool IsOpen => Listens<OperatorRecorder>();

    /// <summary>The part of the program that ended last; null: none did.</summary>
    public object? LastEnded { get; private set; }

    /// <summary>Names a tensor as an input of what is recorded.</summary>
    public Tensor Input(string name, Tensor value)
    {
        _indices.Add(value, Add(new RecordedValue(value.DType, value.Shape) { Input = name }));
        return value;
    }

    /// <summary>What was recorded, with these tensors as its outputs.</summary>
    public OperatorRecording Finish(IEnumerable<KeyValuePair<string, Tensor>> outputs) =>
        new(_values, _calls, [.. outputs.Select(o => KeyValuePair.Create(o.Key, IndexOf(o.Value)))]);

    /// <inheritdoc/>
    protected override void OnCall(Operator op, ReadOnlySpan<Arg> arguments)
    {
        if (_composites == 0)
            Begin(op.ToString(), arguments);
    }

    /// <inheritdoc/>
    protected override void OnResult(Operator op, ReadOnlySpan<Arg> arguments, ReadOnlySpan<Tensor?> results)
    {
        if (_composites > 0)
            return;
        if (op.IsInPlace)
            EndInPlace(op, (Tensor)arguments[0].Native.Reference!);
        else
            End(results);
    }

    /// <inheritdoc/>
    protected override void OnCompositeBegin(string name, ReadOnlySpan<Arg> arguments)
    {
        if (_composites++ == 0)
            Begin(name, arguments);
    }

    /// <inheritdoc/>
    protected override void OnCompositeEnd(ReadOnlySpan<Tensor?> results)
    {
        if (--_composites == 0)
            End(results);
    }

    /// <inheritdoc/>
    protected override void OnEnd(object place)
    {
        LastEnded = place;
        for (; _unplaced < _calls.Count; _unplaced++)
            _calls[_unplaced].Place = place;
    }

    /// <inheritdoc/>
    protected override void OnRead()
    {
        if (_composites == 0 && !_isReading)
            throw Depends();
    }

    /// <inheritdoc/>
    protected override void OnAccess(Tensor tensor)
    {
        if (_composites > 0 || _isReading || _states.ContainsKey(tensor) || !_indices.TryGetValue(tensor, out var index))
            return;
        if (_values[index] is not ({ Constant: not null } or { IsDerived: true }))
            throw Depends();
        _indices.Remove(tensor); // what is in it when it is used next is a constant
    }

    private static RecordingException Depends() => new(
        "Numbers are read out of a tensor in the forward pass, so that what comes after them depends on these numbers; a graph cannot hold that. Compute it with tensors instead.");

    private void Begin(string name, ReadOnlySpan<Arg> arguments)
    {
        var recorded = new RecordedArgument[arguments.Length];
        for (var i = 0; i < recorded.Length; i++)
            recorded[i] = RecordedArgument.Of(arguments[i], IndexOf);
        _pending.Push((name, recorded));
    }

    private void End(ReadOnlySpan<Tensor?> results)
    {
        var (name, arguments) = _pending.Pop();
        var isDerived = arguments.SelectMany(ValuesOf).All(v => _values[v] is { State: not null } or { Constant: not null } or { IsDerived: true });
        var indices = new int[results.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = results[i] is { } tensor ? Add(tensor, isDerived) : -1;
            if (indices[i] >= 0 && arguments is [{ Kind: ArgumentKind.Value, Content: int viewed }, ..])
                _views.Made(name, indices[i], viewed);
        }

        _calls.Add(new RecordedCall(name, arguments, indices));
    }

    private void EndInPlace(Operator op, Tensor target)
    {
        var (name, arguments) = _pending.Pop();
        var before = (int)arguments[0].Content!;
        if (_values[before] is { State: not null } or { Input: not null })
            throw new RecordingException($"{op} writes into a parameter, a buffer or an input of the forward pass; a graph cannot hold that. Write into a copy instead.");
        _views.Overwritten(before);
        _calls.Add(new RecordedCall(name, arguments, [Add(target, isDerived: false)]));
    }

    private int IndexOf(Tensor tensor)
    {
        if (_indices.TryGetValue(tensor, out var index))
        {
            return _views.IsStale(index)
                ? throw new RecordingException("A tensor is read after something was written in place into another view of it; a graph cannot hold that. Use the operator that gives a new tensor instead.")
                : index;
        }

        return _indices[tensor] = Add(_states.ContainsKey(tensor)
            ? new RecordedValue(tensor.DType, tensor.Shape) { State = tensor }
            : new RecordedValue(tensor.DType, tensor.Shape) { Constant = Read(tensor) });
    }

    private int Add(Tensor tensor, bool isDerived) => _indices[tensor] = Add(
        new RecordedValue(tensor.DType, tensor.Shape) { IsDerived = isDerived, Derived = isDerived && _keepsDerived ? Read(tensor) : null });

    private static IEnumerable<int> ValuesOf(RecordedArgument argument) => argument.Content switch
    {
        int value => [value],
        int[] values => values.Where(v => v >= 0),
        _ => [],
    };

    private int Add(RecordedValue value)
    {
        _values.Add(value);
        return _values.Count - 1;
    }

    private Array Read(Tensor tensor)
    {
        _isReading = true;
        _composites++; // what reading needs is no part of the program
        try
        {
            return tensor.DType switch
            {
                DType.Float32 => tensor.ToArray<float>(),
                DType.Float64 => tensor.ToArray<double>(),
                DType.Int64 => tensor.ToArray<long>(),
                DType.Int32 => tensor.ToArray<int>(),
                DType.Bool => tensor.ToArray<bool>(),
                DType.UInt8 => tensor.ToArray<byte>(),
                var other => throw new RecordingException($"A constant of type {other} stands in the forward pass; float32, float64, int64, int32, uint8 and bool are recorded."),
            };
        }
        finally
        {
            _composites--;
            _isReading = false;
        }
    }
}
