using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Teachers.Answers;

/// <summary>A cache of teachers' outputs that several runs of a process share, as the variants of a study that have the same teacher and the same samples.</summary>
/// <param name="mostBytes">Capacity in bytes; the least recently used outputs are dropped first. The outputs that were used last stay at any size, as a training reads them.</param>
internal sealed class TeacherOutputCache(long mostBytes) : IDisposable
{
    private readonly List<Kept> _kept = []; // the last one asked for comes last

    /// <summary>How many there are.</summary>
    public int Count => _kept.Count;

    /// <summary>The outputs for a key; owned by the cache: the caller does not dispose them, and may use them until the next call.</summary>
    /// <param name="question">All that they depend on.</param>
    /// <param name="ask">Computes the outputs where the cache does not have them.</param>
    public CachedTeacherOutputs Take(TeacherOutputKey question, Func<CachedTeacherOutputs> ask)
    {
        var at = _kept.FindIndex(k => k.Question == question);
        var answers = at >= 0 ? _kept[at].Answers : ask();
        if (at >= 0)
            _kept.RemoveAt(at);
        _kept.Add(new Kept(question, answers));
        while (_kept.Count > 1 && _kept.Sum(k => k.Answers.Bytes) > mostBytes)
        {
            _kept[0].Answers.Dispose();
            _kept.RemoveAt(0);
        }

        return answers;
    }

    /// <summary>A hash that identifies a model: of its settings and all its weights. Null for a model without settings, such as an ensemble: how it mixes is in no weight.</summary>
    public static string? Identity(Model model)
    {
        if (model is IForeignModel foreign)
            return foreign.Identity;
        if (model is not IConfigured { Config: var config })
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(config.ToJson().ToJsonString()));
        foreach (var (name, tensor) in model.StateDict().OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            using (TensorScope.Open())
                hash.AppendData(MemoryMarshal.AsBytes<float>(tensor.To(DType.Float32).ToArray<float>()));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    public void Dispose()
    {
        foreach (var kept in _kept)
            kept.Answers.Dispose();
        _kept.Clear();
    }

    private sealed record Kept(TeacherOutputKey Question, CachedTeacherOutputs Answers);
}

/// <summary>All that a teacher's answers depend on.</summary>
/// <param name="Teacher">The hash that identifies the teacher.</param>
/// <param name="Samples">The samples' fingerprint.</param>
/// <param name="Input">What it is given of a sample, compared by its equality.</param>
/// <param name="Tokenizer">The hash of the tokenizer; null where there is none.</param>
/// <param name="Batch">The batch size of its forward passes, which affects the last bits.</param>
/// <param name="Threads">How many threads compute, which is in the last bits too.</param>
/// <param name="Paths">The paths of the requested features, separated by spaces.</param>
internal sealed record TeacherOutputKey(string Teacher, string Samples, object Input, string? Tokenizer, int Batch, int Threads, string Paths);
