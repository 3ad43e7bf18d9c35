using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Teachers.Answers;

/// <summary>Teachers' answers that one run leaves to those after it in the same process, as the variants of a study that ask the same teacher about the same samples.</summary>
/// <param name="mostBytes">What is kept at most; what was not asked for longest goes first. The answers that were asked for last, which a training reads, stay whatever they take.</param>
internal sealed class TeacherOutputCache(long mostBytes) : IDisposable
{
    private readonly List<Kept> _kept = []; // the last one asked for comes last

    /// <summary>How many there are.</summary>
    public int Count => _kept.Count;

    /// <summary>The answers to a question; the shelf's, which the caller does not release, and has until the next question.</summary>
    /// <param name="question">All that they depend on.</param>
    /// <param name="ask">Asks, where nobody has before.</param>
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

    /// <summary>What tells a model from every other: its settings and all its numbers. Null of one without settings, as an ensemble is, whose way of mixing is in no number.</summary>
    public static string? Identity(Model model)
    {
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
/// <param name="Teacher">What tells it from every other.</param>
/// <param name="Samples">The samples' fingerprint.</param>
/// <param name="Input">What it is given of a sample, compared by its equality.</param>
/// <param name="Tokenizer">The hash of the tokenizer; null where there is none.</param>
/// <param name="Batch">How many samples it is asked about at a time, which is in the last bits.</param>
/// <param name="Threads">How many threads compute, which is in the last bits too.</param>
/// <param name="Paths">The inner values that it shows, one after the other.</param>
internal sealed record TeacherOutputKey(string Teacher, string Samples, object Input, string? Tokenizer, int Batch, int Threads, string Paths);
