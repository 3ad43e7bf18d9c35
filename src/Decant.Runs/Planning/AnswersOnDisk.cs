using System.Security.Cryptography;
using System.Text;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Teachers.Answers.Storage;

namespace Decant.Runs.Planning;

/// <summary>A teacher with the store that its answers are kept in, as a recipe's <c>teacher.answers</c> asks for.</summary>
/// <param name="teacher">The teacher; it stays the caller's.</param>
/// <param name="store">The store, which this owns.</param>
internal sealed class AnswersOnDisk(ITeacher teacher, AnswerStore store) : IDisposable
{
    private readonly int _before = store.Count;

    /// <summary>The teacher as a student learns from it.</summary>
    public StoredTeacher Teacher { get; } = new(teacher, store);

    /// <summary>Where the answers are, and so which they are.</summary>
    public string Folder => store.Folder;

    /// <summary>What the store has, for people.</summary>
    public string Summary => FormattableString.Invariant(
        $"teacher answers: {store.Folder} has {store.Count:N0}, {store.Bytes / Math.Max(1.0, store.Count):N0} bytes each; {_before:N0} were there, the teacher was asked about {Teacher.Asked:N0} samples");

    /// <summary>Opens a teacher's store.</summary>
    /// <param name="options">What is kept, and where.</param>
    /// <param name="model">The teacher's model, with the weights that it teaches with.</param>
    /// <param name="teacher">The same as a teacher; it stays the caller's.</param>
    /// <param name="name">What the teacher is called, for people.</param>
    /// <param name="data">What it is asked about.</param>
    /// <exception cref="DecantException">Nothing identifies the model, or the store cannot be opened.</exception>
    public static AnswersOnDisk Of(StoredAnswerOptions options, Model model, ITeacher teacher, string name, PreparedData data)
    {
        var identity = TeacherOutputCache.Identity(model)
            ?? throw new DecantException("teacher.answers: a store belongs to one teacher, and nothing identifies this one: its model has no settings that can be written. Leave 'answers' out, or use a model of a known family.");
        return new(teacher, AnswerStore.In(options.Folder, options.Manifest(identity, teacher.Offer, SettingsOf(data)) with { Name = name }));
    }

    /// <summary>The same without a store, as a look at the plan needs it.</summary>
    /// <param name="options">What would be kept.</param>
    /// <param name="teacher">The teacher, which is taken over.</param>
    public static PackedTeacher Tried(StoredAnswerOptions options, ITeacher teacher) => new(teacher, options.Manifest("tried", teacher.Offer, settings: null));

    /// <summary>Asks about every sample that the store lacks.</summary>
    /// <param name="batches">All samples once.</param>
    /// <param name="cancellationToken">Stops; what was answered stays.</param>
    public void Fill(IBatchSource batches, CancellationToken cancellationToken)
    {
        foreach (var batch in batches.Enumerate(0, 0, cancellationToken))
            using (batch)
                Teacher.Fill(batch.MoveTo(Teacher.Device ?? batch.Device), cancellationToken);
    }

    /// <summary>Releases the store.</summary>
    public void Dispose() => store.Dispose();

    // A batch has what the student reads; a teacher that reads the samples in a form of its own depends on that too.
    private static string? SettingsOf(PreparedData data)
    {
        if (!data.HasOwnTeacherInput)
            return null;
        var (own, images) = (data.OfTeacher, data.InputOfTeacher);
        var text = FormattableString.Invariant($"{(own.Context.Task == data.Context.Task ? "" : own.Context.Task + ";")}{own.Tokenizer?.Hash};{own.Context.MaxTokens};{images.Size};{string.Join(',', images.Mean ?? [])};{string.Join(',', images.Std ?? [])}") + (own.Privileged is { } more ? $";context:{more.Text}" : "");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
