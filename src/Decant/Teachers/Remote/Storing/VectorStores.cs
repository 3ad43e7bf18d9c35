using System.Globalization;
using System.Text;
using Decant.Teachers.Answers.Packing;
using Decant.Teachers.Answers.Storage;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Storing;

/// <summary>Vectors of texts on disk: a store for each number of dimensions, which is known once there is a vector.</summary>
/// <param name="root">The folder of all stores.</param>
/// <param name="teacher">What identifies the teacher.</param>
internal sealed class VectorStores(string root, string teacher) : IDisposable
{
    private readonly Lock _lock = new();
    private Dictionary<int, AnswerStore>? _stores;

    /// <summary>What vectors depend on beside their texts.</summary>
    public static string SettingsOf(EmbeddingGenerationOptions? options) => string.Create(CultureInfo.InvariantCulture, $"{options?.ModelId}|{options?.Dimensions}");

    /// <summary>The key of a text.</summary>
    /// <param name="settings">What the vector depends on beside the text.</param>
    /// <param name="text">The text.</param>
    public static AnswerKey KeyOf(string settings, string text) => AnswerKey.Of(Encoding.UTF8.GetBytes(settings), Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a vector; null: it is not there.</summary>
    public float[]? Read(AnswerKey key)
    {
        lock (_lock)
        {
            foreach (var store in Stores().Values)
            {
                if (store.TryRead(key, out var payload))
                    return new AnswerPacking(store.Manifest).Dense(payload).Values;
            }

            return null;
        }
    }

    /// <summary>Stores vectors that are not there yet.</summary>
    public void Append(IEnumerable<(AnswerKey Key, float[] Vector)> vectors)
    {
        lock (_lock)
        {
            foreach (var group in vectors.GroupBy(pair => pair.Vector.Length))
            {
                if (!Stores().TryGetValue(group.Key, out var store))
                    Stores()[group.Key] = store = AnswerStore.In(root, Manifest(group.Key));
                var packing = new AnswerPacking(store.Manifest);
                store.Append(group.Select(pair => (pair.Key, (ReadOnlyMemory<byte>)packing.Pack(pair.Key, new DenseRows(pair.Vector.Length, pair.Vector)))));
            }
        }
    }

    /// <summary>Closes the stores.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var store in _stores?.Values.ToList() ?? [])
                store.Dispose();
            _stores = null;
        }
    }

    private Dictionary<int, AnswerStore> Stores() => _stores ??= StoreFolders.In(root)
        .Select(folder => (Folder: folder, Manifest: ManifestFile.Read(folder)))
        .Where(found => found.Manifest.Teacher == teacher && found.Manifest is { Kind: AnswerKind.Vectors, Numbers: NumberFormat.Float32 })
        .ToDictionary(found => found.Manifest.Vocabulary, found => AnswerStore.Open(found.Folder));

    private AnswerManifest Manifest(int dimensions) => new() { Teacher = teacher, Kind = AnswerKind.Vectors, Vocabulary = dimensions, Numbers = NumberFormat.Float32 };
}
