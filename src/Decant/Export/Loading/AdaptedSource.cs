using Decant.Export.Adapters;
using Decant.Export.Safetensors;
using Decant.Export.Tensors;
using Decant.Torch;

namespace Decant.Export.Loading;

/// <summary>The weights of a model with an adapter in PEFT's layout, merged as they are read: W + s·B·A.</summary>
internal sealed class AdaptedSource : IWeightSource
{
    private const string Down = ".lora_A.weight", Up = ".lora_B.weight", Saved = ".modules_to_save";

    private readonly Weights _base;
    private readonly SafetensorsFile _adapter;
    private readonly AdapterConfig _config;
    private readonly Dictionary<string, string> _updates = new(StringComparer.Ordinal); // by the base's name the adapter's path
    private readonly Dictionary<string, string> _replaced = new(StringComparer.Ordinal);

    /// <summary>Opens an adapter's folder and that of its base.</summary>
    /// <exception cref="DecantException">Either is missing or damaged, or they do not belong together.</exception>
    public AdaptedSource(string folder)
    {
        _config = AdapterConfig.Read(folder);
        Path = System.IO.Path.Combine(folder, AdapterConfig.WeightsName);
        if (!File.Exists(Path))
            throw new DecantException($"{folder} has an {AdapterConfig.FileName} and no {AdapterConfig.WeightsName}. Adapters in other formats are not read: save it again as safetensors.");
        _base = Weights.Open(BaseFolder.Of(folder, _config));
        try
        {
            _adapter = SafetensorsFile.Open(Path);
            Tensors = Matched();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public string Format => $"{_base.Format} with a LoRA adapter";

    /// <inheritdoc/>
    public IReadOnlyList<string> Remarks => [.. _base.Remarks, FormattableString.Invariant($"the adapter's updates of {_updates.Count} layers were merged into the weights of {_base.Path}")];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public Tensor View(string name)
    {
        if (_replaced.TryGetValue(name, out var whole))
            return _adapter.Read(whole);
        if (!_updates.TryGetValue(name, out var path))
            return _base.View(name);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var product = _adapter.Read(path + Up).To(DType.Float32).MatMul(_adapter.Read(path + Down).To(DType.Float32)) * _config.Scale; // [out, in]
        return scope.Keep(_base.View(name).To(DType.Float32) + (_config.IsTransposed ? product.Transpose(0, 1) : product));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _base.Dispose();
        _adapter?.Dispose();
    }

    private Dictionary<string, StoredTensor> Matched()
    {
        var all = new Dictionary<string, StoredTensor>(_base.Tensors, StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var (name, entry) in _adapter.Entries)
        {
            var inModel = InModel(name);
            if (name.EndsWith(Down, StringComparison.Ordinal))
                Update(name[..^Down.Length], inModel[..^Down.Length] + ".weight", faults);
            else if (name.EndsWith(Up, StringComparison.Ordinal))
                faults.AddRange(_adapter.Entries.ContainsKey(name[..^Up.Length] + Down) ? [] : new[] { $"'{name}' has no {Down[1..]} beside it" });
            else if (name.Contains(".lora_", StringComparison.Ordinal))
                faults.Add($"'{name}' is a part of an adapter that is not served: updates of linear layers are, as lora_A and lora_B");
            else
                all[Replace(name, InBase(inModel) ?? inModel)] = new StoredTensor(name, entry.DType, entry.Shape, entry.ByteCount, Path);
        }

        return faults.Count == 0 ? all : throw new DecantException($"{Path}: {string.Join("; ", faults.Take(8))}{(faults.Count > 8 ? FormattableString.Invariant($"; {faults.Count} faults in all") : "")}. Is {_base.Path} the model that the adapter was made for?");
    }

    private string Replace(string name, string inBase)
    {
        _replaced[inBase] = name;
        return inBase;
    }

    private void Update(string path, string inModel, List<string> faults)
    {
        if (!_adapter.Entries.TryGetValue(path + Up, out var up))
        {
            faults.Add($"'{path}{Down}' has no {Up[1..]} beside it");
            return;
        }

        var down = _adapter.Entries[path + Down];
        if (InBase(inModel) is not { } name)
        {
            faults.Add($"'{path}' is of a layer that the base does not have");
            return;
        }

        IReadOnlyList<long> shape = _base.Tensors[name].Shape, expected = _config.IsTransposed ? [.. shape.Reverse()] : shape;
        if (shape.Count != 2 || down.Shape is not [var r, var inputs] || up.Shape is not [var outputs, var s] || r != s || r != _config.Rank || outputs != expected[0] || inputs != expected[1])
            faults.Add($"'{path}' has lora_A [{string.Join(", ", down.Shape)}] and lora_B [{string.Join(", ", up.Shape)}], for a weight [{string.Join(", ", shape)}] and r = {_config.Rank}");
        else
            _updates[name] = path;
    }

    private static string InModel(string name)
    {
        var own = name.StartsWith(AdapterFolder.Prefix, StringComparison.Ordinal) ? name[AdapterFolder.Prefix.Length..] : name;
        return own.Replace(Saved, "", StringComparison.Ordinal);
    }

    // A file of the base model alone has names without its prefix, or with one that the adapter's model lacks.
    private string? InBase(string name)
    {
        if (_base.Tensors.ContainsKey(name))
            return name;
        string[] near = [.. _base.Tensors.Keys.Where(k => k.EndsWith("." + name, StringComparison.Ordinal) || name.EndsWith("." + k, StringComparison.Ordinal))];
        return near.Length == 1 ? near[0] : null;
    }
}
