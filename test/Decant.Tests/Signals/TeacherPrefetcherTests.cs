using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Signals;

public class TeacherPrefetcherTests
{
    private static readonly ThreadAllocation s_split = new(1, 1);
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Batches_come_in_their_order_with_the_teachers_answers(bool isConcurrent)
    {
        var random = new Random(3);
        var pauses = Enumerable.Range(0, 30).Select(_ => random.Next(4)).ToArray();
        var batches = new NumberedBatches(30);
        var teacher = new ScriptedTeacher(i => { for (var n = 0; n < pauses[i]; n++) Thread.Yield(); }, isConcurrent);
        var taken = Taken(batches, teacher);
        Assert.Equal(Enumerable.Range(0, 30), taken.Select(t => t.Id));
        Assert.All(taken, t => Assert.Equal(2f * t.Id, t.Answer));
        Assert.Equal(30, teacher.Asked);
        Assert.False(batches.WasMadeByTwoAtOnce);
        Assert.False(batches.IsOpen);
    }

    [Fact]
    public void A_slow_answer_is_waited_for_while_later_ones_are_made()
    {
        using var later = new ManualResetEventSlim();
        var overtaken = false;
        var teacher = new ScriptedTeacher(i =>
        {
            if (i == 0)
                overtaken = later.Wait(s_long);
            else
                later.Set();
        }, isConcurrent: true);
        var taken = Taken(new NumberedBatches(6), teacher);
        Assert.True(overtaken, "nobody answered the second batch while the first was being answered");
        Assert.Equal(Enumerable.Range(0, 6), taken.Select(t => t.Id));
        Assert.Equal(2, teacher.MostAtOnce);
        Assert.Equal(2, teacher.Threads.Count);
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(1, 2, true)] // whoever takes has other threads than the teacher: its answers could differ in the last bits
    public void Where_the_taker_may_not_help_one_other_thread_asks(int student, int teachers, bool isConcurrent)
    {
        // Every answer waits until the taker has nothing to take: it stands and waits, or it would help.
        var taker = Thread.CurrentThread;
        var teacher = new ScriptedTeacher(_ => Assert.True(Thread.CurrentThread == taker || SpinWait.SpinUntil(() => Stands(taker), s_long)), isConcurrent);
        var taken = new List<int>();
        using var lessons = new TeacherPrefetcher(new NumberedBatches(25).All(), teacher, new ThreadAllocation(student, teachers));
        while (lessons.Next() is { } lesson)
        {
            using (lesson)
                taken.Add((int)lesson.Batch.Ids[0].Value);
        }

        Assert.Equal(25, taken.Count);
        Assert.Equal(1, teacher.MostAtOnce);
        Assert.NotEqual(Thread.CurrentThread, Assert.Single(teacher.Threads).Key);
        Assert.All(teacher.CoresSeen, cores => Assert.Equal(teachers, cores));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void No_more_batches_are_made_than_may_wait(int ahead, bool isConcurrent)
    {
        var (taken, most) = (0, 0);
        NumberedBatches batches = null!;
        batches = new NumberedBatches(40) { Making = _ => most = Math.Max(most, batches.Made + 1 - Volatile.Read(ref taken)) };
        var teacher = new ScriptedTeacher(_ => { }, isConcurrent);
        using var lessons = new TeacherPrefetcher(batches.All(), teacher, s_split, ahead: ahead);
        Assert.True(SpinWait.SpinUntil(() => teacher.Answered.Count >= ahead, s_long), "it does not work ahead");
        var asking = Assert.Single(teacher.Threads).Key;
        AskingStands();
        Assert.Equal(ahead, batches.Made);
        while (lessons.Next() is { } lesson)
        {
            lesson.Dispose();
            Interlocked.Increment(ref taken);
            if (taken % 7 == 0) AskingStands();
        }

        Assert.Equal(40, taken);
        // Those that wait, the one that is being taken, and the one that the taker makes itself.
        Assert.InRange(most, ahead, ahead + 1 + (isConcurrent ? 1 : 0));

        void AskingStands() => Assert.True(SpinWait.SpinUntil(() => Stands(asking), s_long), "it does not stop");
    }

    [Fact]
    public void The_teacher_works_while_the_student_does()
    {
        // While the student works on a lesson the next one is being answered: each waits in the middle of its work for the other to be there too.
        const int batches = 15;
        using var bothWork = new Barrier(2);
        var met = 0;
        var teacher = new ScriptedTeacher(i => { if (i > 0) bothWork.SignalAndWait(s_long); });
        using var lessons = new TeacherPrefetcher(new NumberedBatches(batches).All(), teacher, s_split);
        while (lessons.Next() is { } lesson)
        {
            using (lesson)
            {
                if (lesson.Batch.Ids[0].Value < batches - 1 && bothWork.SignalAndWait(s_long))
                    met++;
            }
        }

        Assert.Equal(batches - 1, met);
    }

    [Fact]
    public void A_batch_that_nobody_needs_the_teacher_for_is_not_asked_about()
    {
        var teacher = new ScriptedTeacher(_ => { });
        using var lessons = new TeacherPrefetcher(new NumberedBatches(7).All(), teacher, s_split, batch => batch.LabelledCount > 0);
        var ids = new List<ulong>();
        while (lessons.Next() is { } lesson)
        {
            using (lesson)
                ids.Add(lesson.Batch.Ids[0].Value);
        }

        Assert.Equal([0, 1, 2, 3, 4, 5, 6], ids);
        Assert.Equal([0ul, 2, 4, 6], teacher.Answered.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_teacher_throws_comes_out_where_its_lesson_is_due(bool isConcurrent)
    {
        var before = Tensor.LiveCount;
        var teacher = new ScriptedTeacher(i => { if (i == 3) throw new InvalidDataException("no idea of batch 3"); }, isConcurrent);
        var batches = new NumberedBatches(9);
        using (var lessons = new TeacherPrefetcher(batches.All(), teacher, s_split))
        {
            for (var i = 0; i < 3; i++)
                lessons.Next()!.Dispose();
            Assert.Equal("no idea of batch 3", Assert.Throws<InvalidDataException>(lessons.Next).Message);
        }

        Assert.False(batches.IsOpen);
        Assert.Equal(before, Tensor.LiveCount);
        Assert.True(teacher.ThreadsAreGone);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_source_throws_comes_out_after_all_that_it_gave(bool isConcurrent)
    {
        var before = Tensor.LiveCount;
        var teacher = new ScriptedTeacher(_ => { }, isConcurrent);
        using (var lessons = new TeacherPrefetcher(new NumberedBatches(9, breaksAt: 3).All(), teacher, s_split))
        {
            for (var i = 0; i < 3; i++)
                lessons.Next()!.Dispose();
            Assert.Equal("the disk is gone", Assert.Throws<IOException>(lessons.Next).Message);
            Assert.Null(lessons.Next());
        }

        Assert.Equal(before, Tensor.LiveCount);
        Assert.True(teacher.ThreadsAreGone);
    }

    [Fact]
    public void A_teacher_that_stumbles_over_what_nobody_takes_does_no_harm()
    {
        using var stumbled = new ManualResetEventSlim();
        var before = Tensor.LiveCount;
        using (var lessons = new TeacherPrefetcher(new NumberedBatches(9).All(), new ScriptedTeacher(i =>
        {
            if (i != 2) return;
            stumbled.Set();
            throw new InvalidDataException();
        }), s_split))
        {
            lessons.Next()!.Dispose();
            Assert.True(stumbled.Wait(s_long));
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_thousand_that_are_left_anywhere_leave_no_tensor_and_no_thread()
    {
        var (before, random) = (Tensor.LiveCount, new Random(1));
        using var scope = TensorScope.Open(); // which is not to own what another thread makes
        for (var trial = 0; trial < 1000; trial++)
        {
            var batches = new NumberedBatches(5);
            var teacher = new ScriptedTeacher(_ => { }, isConcurrent: trial % 2 == 0);
            using (var lessons = new TeacherPrefetcher(batches.All(), teacher, s_split))
            {
                for (var left = random.Next(7); left > 0; left--)
                    lessons.Next()?.Dispose();
            }

            Assert.False(batches.IsOpen);
            Assert.True(teacher.ThreadsAreGone);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Nothing_may_wait_or_no_share_for_the_teacher_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TeacherPrefetcher([], new ScriptedTeacher(_ => { }), s_split, ahead: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TeacherPrefetcher([], new ScriptedTeacher(_ => { }), new ThreadAllocation(2)));
    }

    /// <summary>Whether a thread waits for another, or has ended.</summary>
    private static bool Stands(Thread thread) => !thread.IsAlive || thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin);

    private static List<(int Id, float Answer)> Taken(NumberedBatches batches, ITeacher teacher)
    {
        var taken = new List<(int, float)>();
        var before = Tensor.LiveCount;
        using (var lessons = new TeacherPrefetcher(batches.All(), teacher, s_split))
        {
            while (lessons.Next() is { } lesson)
            {
                using (lesson)
                    taken.Add(((int)lesson.Batch.Ids[0].Value, ((DenseLogits)lesson.AnswerOf(null)!).Logits.ToArray<float>()[0]));
            }
        }

        Assert.Equal(before, Tensor.LiveCount);
        return taken;
    }
}
