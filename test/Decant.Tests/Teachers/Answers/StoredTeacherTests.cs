using Decant.Data.Batching;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Teachers.Answers.Storage;
using Decant.Teachers.Local;
using Decant.Tests.Training;
using Decant.Torch;

namespace Decant.Tests.Teachers.Answers;

public sealed class StoredTeacherTests : IDisposable
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_run_asks_nothing_and_learns_from_the_same_numbers()
    {
        var model = new TinyModel();
        using var local = new LocalTeacher(model, s_classes);
        var live = Answers(local, TinySource.OfSize(3, 4));
        var before = Tensor.LiveCount;
        float[] first, second;
        using (var store = AnswerStore.In(_folder.Path, Manifest(NumberFormat.Float32)))
        using (var teacher = new StoredTeacher(local, store))
        {
            first = Answers(teacher, TinySource.OfSize(3, 4));
            Assert.Equal((12, 12), (teacher.Asked, store.Count));
        }

        using (var store = AnswerStore.In(_folder.Path, Manifest(NumberFormat.Float32)))
        using (var teacher = new StoredTeacher(local, store))
        {
            second = Answers(teacher, TinySource.OfSize(3, 4));
            Assert.Equal(0, teacher.Asked);
        }

        Assert.Equal(live, first);
        Assert.Equal(live, second);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_run_that_is_continued_asks_what_was_not_answered()
    {
        using var local = new LocalTeacher(new TinyModel(), s_classes);
        using (var store = AnswerStore.In(_folder.Path, Manifest(NumberFormat.Float16)))
        using (var teacher = new StoredTeacher(local, store))
            Answers(teacher, TinySource.OfSize(2, 4));
        var shard = Directory.GetFiles(_folder.Path, "*.answers", SearchOption.AllDirectories).Single();
        using (var file = new FileStream(shard, FileMode.Open))
            file.SetLength(file.Length - 5); // killed while it wrote the last answer
        using var again = AnswerStore.In(_folder.Path, Manifest(NumberFormat.Float16));
        using var rest = new StoredTeacher(local, again);
        var answers = Answers(rest, TinySource.OfSize(3, 4));
        Assert.Equal((8, 12), (rest.Asked, again.Count)); // the batch of that answer, and the third
        foreach (var (kept, live) in answers.Zip(Answers(local, TinySource.OfSize(3, 4))))
            Assert.Equal(live, kept, MathF.Abs(live) / 2048 + 1e-7f);
    }

    [Fact]
    public void What_is_remembered_in_memory_is_a_view_of_the_store()
    {
        var model = new TinyModel();
        using var local = new LocalTeacher(model, s_classes);
        for (var run = 0; run < 2; run++)
        {
            using var store = AnswerStore.In(_folder.Path, Manifest(NumberFormat.Float32));
            using var stored = new StoredTeacher(local, store);
            using var remembered = CachedTeacherOutputs.Ask(stored, TinySource.OfSize(3, 4), 12);
            Assert.Equal(Answers(stored, TinySource.OfSize(3, 4)), Answers(remembered, TinySource.OfSize(3, 4)));
            Assert.Equal(3, model.Answers);
        }
    }

    private static AnswerManifest Manifest(NumberFormat numbers) => new() { Teacher = "tiny", Kind = AnswerKind.Logits, Vocabulary = s_classes.Length, Numbers = numbers };

    private static float[] Answers(ITeacher teacher, IBatchSource source)
    {
        var all = new List<float>();
        foreach (var batch in source.Enumerate(1))
        {
            using (batch)
            using (TensorScope.Open())
                all.AddRange(((DenseLogits)teacher.Answer(batch)).Logits.ToArray<float>());
        }

        return [.. all];
    }
}
