using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Decant.Data;
using Decant.Export.Loading;
using Decant.Files;
using Decant.Modules;
using Decant.Runs.Recipes.Schema;
using Decant.Torch;

namespace Decant.Runs.Preparing;

/// <summary>What the data of a run is, part by part, so that a resumed run learns from the same: ids are hashes of contents, so ids and labels say it all.</summary>
internal static class DataFingerprint
{
    private const int HexDigits = 32;

    public static IReadOnlyDictionary<string, string> Of(PreparedRun run) => run.Tasks
        .SelectMany(part => Of(part.Recipe, part.Data).Select(p => KeyValuePair.Create(part.Name is null ? p.Key : $"{p.Key} of {part.Name}", p.Value)))
        .ToDictionary();

    private static Dictionary<string, string> Of(Recipe recipe, PreparedData data)
    {
        var parts = new Dictionary<string, string>
        {
            ["the classes"] = $"{data.Classes.Count} classes, {Hash(Encoding.UTF8.GetBytes(string.Join('\0', data.Classes)))}",
            ["the training split"] = Of(data.Train),
            ["the student's transfer set"] = Of(data.TransferSet),
            ["the test split"] = Of(data.Test),
        };
        foreach (var seed in recipe.RunSeeds().Where(s => data.ForSeed(s) != data))
            parts[$"the student's transfer set of seed {seed}"] = Of(data.ForSeed(seed).TransferSet);
        foreach (var (number, set) in data.TransferSets.Sets.Values.Index())
            parts[$"transfer data {number + 1} ({set.Name})"] = Of(set);
        if (data.Validation is not null)
            parts["the validation split"] = Of(data.Validation);
        if (data.Tokenizer is { } tokenizer)
            parts["the tokenizer"] = $"{tokenizer.VocabularySize} tokens, {tokenizer.Hash}";
        foreach (var section in recipe.LargeModels().Select(t => t.Section))
        {
            if (section.Load is { } path)
                parts[section is MemberSection { Name: var name } ? $"the loaded teacher {name}" : "the loaded teacher"] = "weights " + string.Join(", ", Weights.FilesOf(path).Select(FileHash.Of));
            else if (section.Gguf is { } gguf)
                parts[section is MemberSection { Name: var member } ? $"the GGUF file of the teacher {member}" : "the GGUF file of the teacher"] = FileHash.Of(gguf.File);
            else if (section.Model is OwnModel { Given: { } teacher })
                parts["the program's teacher"] = OfWeights(teacher);
        }

        if (recipe.Student.Load is { } begun)
            parts["the model that the student begins as"] = "weights " + string.Join(", ", Weights.FilesOf(begun).Select(FileHash.Of));
        if (recipe.Student.Model is OwnModel { Given: { } student })
            parts["the program's student, as it begins"] = OfWeights(student);
        return parts;
    }

    private static string OfWeights(Model model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in model.StateDict().OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            using (TensorScope.Open())
                hash.AppendData(MemoryMarshal.AsBytes<float>(tensor.To(DType.Float32).ToArray<float>()));
        }

        return $"weights {Convert.ToHexStringLower(hash.GetCurrentHash())[..HexDigits]}";
    }

    /// <exception cref="DecantException">Something differs: all of it is named.</exception>
    public static void Check(IReadOnlyDictionary<string, string> then, IReadOnlyDictionary<string, string> now)
    {
        var faults = then.Keys.Union(now.Keys).Where(k => then.GetValueOrDefault(k) != now.GetValueOrDefault(k))
            .Select(k => $"{k}: {then.GetValueOrDefault(k, "none")} when the run began, {now.GetValueOrDefault(k, "none")} now").ToArray();
        if (faults.Length > 0)
            throw new DecantException($"The data is not what the run began with, so it cannot be resumed to the same result. Put the data back, or start a new run.\n  {string.Join("\n  ", faults)}");
    }

    /// <summary>What a set of samples is.</summary>
    public static string Of(Dataset samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> row = stackalloc byte[sizeof(ulong) + sizeof(int)];
        for (var i = 0; i < samples.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(row, samples.IdOf(i).Value);
            BinaryPrimitives.WriteInt32LittleEndian(row[sizeof(ulong)..], samples.LabelHashOf(i));
            hash.AppendData(row);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{samples.Count} samples, {samples.LabelledCount} labels, {Convert.ToHexStringLower(hash.GetCurrentHash())[..HexDigits]}");
    }

    /// <summary>A hash of the contents of a set of samples, in their order and without their labels: all that a teacher's outputs for them depend on.</summary>
    public static string OfContents(Dataset samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> id = stackalloc byte[sizeof(ulong)];
        for (var i = 0; i < samples.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(id, samples.IdOf(i).Value);
            hash.AppendData(id);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{samples.Count} samples, {Convert.ToHexStringLower(hash.GetCurrentHash())[..HexDigits]}");
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..HexDigits];
}
