using System.Text;

namespace Decant.Export.PyTorch;

/// <summary>The names that a checkpoint may use, and their replacements here. All others are refused.</summary>
internal sealed class PickleNames
{
    private readonly Dictionary<string, PickleName> _known = new(StringComparer.Ordinal);
    private readonly PickleStorages _storages;
    private long _copies;

    /// <summary>The names of one pickle.</summary>
    /// <param name="storages">Gets the storages that the pickle names.</param>
    /// <param name="length">The pickle's length: no more items than that are copied by what it calls.</param>
    public PickleNames(PickleStorages storages, long length)
    {
        (_storages, _copies) = (storages, length);
        AddContainers();
        AddTypes();
        AddTensors();
    }

    /// <summary>The tensors that were built.</summary>
    public int Tensors { get; private set; }

    public PickleName Find(string name, long position) => _known.TryGetValue(name, out var known) ? known : throw new PickleRefusedException(name, position);

    public object Persistent(object? id, long position) => id is object?[] parts
        ? _storages.Find(parts, position)
        : throw new PickleRefusedException("a persistent id that is no storage", position);

    private void Add(string name, Func<object?[], object?>? call = null) => _known.Add(name, new PickleName(name, call));

    private void AddContainers()
    {
        Add("collections.OrderedDict", Dict);
        Add("collections.defaultdict", a => Dict(a.Length > 0 ? a[1..] : a));
        Add("collections.Counter", Dict);
        foreach (var module in new[] { "builtins", "__builtin__" })
        {
            Add($"{module}.dict", Dict);
            // Their argument is a list or a tuple already, and serves as the other as well: nothing is copied.
            foreach (var name in new[] { "set", "frozenset", "list", "tuple" })
                Add($"{module}.{name}", Sequence);
            foreach (var name in new[] { "int", "float", "bool", "str", "object" })
                Add($"{module}.{name}");
        }

        Add("_codecs.encode", Encode);
        Add("torch.Size", Sequence);
        Add("torch.device", a => a is [string or long, ..] ? a[0] : throw new FormatException("a device is a name"));
    }

    private void AddTypes()
    {
        foreach (var (kind, dtype) in TorchNames.Storages)
            _known.Add(kind, new PickleName(kind, null, dtype, IsStorage: true));
        foreach (var (name, dtype) in TorchNames.DTypes)
            _known.Add(name, new PickleName(name, null, dtype));
        foreach (var name in TorchNames.TensorTypes)
            Add(name);
    }

    private void AddTensors()
    {
        Add("torch._utils._rebuild_tensor", a => Built(TensorCalls.Tensor(a)));
        Add("torch._utils._rebuild_tensor_v2", a => Built(TensorCalls.Tensor(a)));
        Add("torch._utils._rebuild_tensor_v3", a => Built(TensorCalls.TypedTensor(a)));
        Add("torch._utils._rebuild_parameter", TensorCalls.Parameter);
        Add("torch._utils._rebuild_parameter_with_state", TensorCalls.Parameter);
        Add("torch._tensor._rebuild_from_type_v2", TensorCalls.OfType);
    }

    private PickleTensor Built(PickleTensor tensor)
    {
        Tensors++;
        return tensor;
    }

    private static object? Sequence(object?[] arguments) => arguments switch
    {
        [] => new List<object?>(),
        [List<object?> or object?[]] => arguments[0],
        _ => throw new FormatException("a list or a tuple is needed"),
    };

    private PickleDict Dict(object?[] arguments)
    {
        var dict = new PickleDict();
        if (arguments is [PickleDict other])
            return other;
        foreach (var pair in arguments.Length == 0 ? [] : Items(arguments[0]))
        {
            Spend(1);
            var parts = Items(pair);
            if (parts.Count != 2)
                throw new FormatException("a dictionary is made of pairs");
            dict.Items.Add(new(parts[0], parts[1]));
        }

        return dict;
    }

    private static IReadOnlyList<object?> Items(object? value) => value switch
    {
        List<object?> list => list,
        object?[] tuple => tuple,
        _ => throw new FormatException("a list or a tuple is needed"),
    };

    // Protocol 2 writes bytes as text.
    private byte[] Encode(object?[] arguments)
    {
        if (arguments is not [string text, "latin1" or "latin-1"])
            throw new FormatException("only bytes as Latin-1 are read");
        Spend(text.Length);
        return Encoding.Latin1.GetBytes(text);
    }

    private void Spend(long items)
    {
        if ((_copies -= items) < 0)
            throw new FormatException("the pickle copies more than it is long");
    }
}
