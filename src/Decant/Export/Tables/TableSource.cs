using Decant.Export.Tensors;
using Decant.Torch;

namespace Decant.Export.Tables;

/// <summary>A static model's file whose rows are shared, weighted or whole numbers, read as one float32 row per token: <c>embeddings[mapping] · weights</c>.</summary>
/// <param name="file">The file, which is closed with this.</param>
internal sealed class TableSource(IWeightSource file) : IWeightSource
{
    /// <inheritdoc/>
    public string Path => file.Path;

    /// <inheritdoc/>
    public string Format => file.Format;

    /// <inheritdoc/>
    public IReadOnlyList<string> Remarks => file.Remarks;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; } = Merged(file);

    /// <summary>The file itself, or what reads its table.</summary>
    /// <exception cref="DecantException">Rows, mapping and weights do not belong together; the file is closed.</exception>
    public static IWeightSource Of(IWeightSource file)
    {
        if (!IsTable(file.Tensors))
            return file;
        try
        {
            return new TableSource(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor View(string name)
    {
        if (name != TableNames.Rows)
            return file.View(name);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var rows = file.View(NameIn(file.Tensors)!).To(DType.Float32);
        if (file.Tensors.ContainsKey(TableNames.Mapping))
        {
            var mapping = file.View(TableNames.Mapping).To(DType.Int64);
            if (mapping.Less(0).Or(mapping.GreaterOrEqual(rows.Size(0))).Any().Item() != 0)
                throw new DecantException($"{Path}: '{TableNames.Mapping}' names a row that '{TableNames.Rows}' of {rows.Size(0)} rows does not have. Save or copy it again.");
            rows = rows.IndexSelect(0, mapping);
        }

        return scope.Keep(file.Tensors.ContainsKey(TableNames.Weights) ? rows * file.View(TableNames.Weights).To(DType.Float32).Unsqueeze(1) : rows.Clone());
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static string? NameIn(IReadOnlyDictionary<string, StoredTensor> tensors) =>
        tensors.ContainsKey(TableNames.Rows) ? TableNames.Rows : tensors.Count == 1 && tensors.ContainsKey(TableNames.OtherRows) ? TableNames.OtherRows : null;

    private static bool IsTable(IReadOnlyDictionary<string, StoredTensor> tensors) =>
        NameIn(tensors) is { } name && tensors[name].Shape.Count == 2
        && (name != TableNames.Rows || !tensors[name].DType.IsFloatingPoint() || tensors.ContainsKey(TableNames.Weights) || tensors.ContainsKey(TableNames.Mapping));

    private static Dictionary<string, StoredTensor> Merged(IWeightSource file)
    {
        var all = file.Tensors.Where(t => t.Key is not (TableNames.Rows or TableNames.OtherRows or TableNames.Weights or TableNames.Mapping)).ToDictionary(StringComparer.Ordinal);
        var rows = file.Tensors[NameIn(file.Tensors)!];
        var (mapping, weights) = (file.Tensors.GetValueOrDefault(TableNames.Mapping), file.Tensors.GetValueOrDefault(TableNames.Weights));
        var count = mapping?.ElementCount ?? rows.Shape[0];
        if (mapping is { Shape.Count: not 1 } || mapping?.DType.IsFloatingPoint() == true || weights is { Shape.Count: not 1 } || (weights is not null && weights.ElementCount != count))
            throw new DecantException($"{file.Path}: '{TableNames.Rows}' of [{string.Join(", ", rows.Shape)}], '{TableNames.Mapping}' and '{TableNames.Weights}' do not belong together; expected one number for each of {count} tokens. Save or copy it again.");
        all[TableNames.Rows] = new(TableNames.Rows, DType.Float32, [count, rows.Shape[1]], checked(count * rows.Shape[1] * sizeof(float)), rows.File);
        return all;
    }
}
