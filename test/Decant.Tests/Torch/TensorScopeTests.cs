using Decant.Torch;

namespace Decant.Tests.Torch;

public class TensorScopeTests
{
    [Fact]
    public void What_is_kept_goes_to_the_enclosing_scope_and_then_to_the_caller()
    {
        Tensor kept;
        using (var outer = TensorScope.Open())
        {
            using (var inner = TensorScope.Open())
                kept = inner.Keep(Tensor.Zeros([1]));
            Assert.False(kept.IsDisposed);
            Assert.Same(outer, TensorScope.Current);
            Assert.Equal(1, outer.Count);
            outer.Keep(kept);
            Assert.Equal(0, outer.Count);
        }

        Assert.False(kept.IsDisposed);
        kept.Dispose();
        Assert.True(kept.IsDisposed);
    }

    [Fact]
    public void A_scope_keeps_what_a_scope_inside_it_made()
    {
        using var outermost = TensorScope.Open();
        Tensor kept;
        using (var outer = TensorScope.Open())
        using (TensorScope.Open())
            kept = outer.Keep(Tensor.Zeros([1]));
        Assert.False(kept.IsDisposed);
        Assert.Equal(1, outermost.Count);
    }

    [Fact]
    public void Keeping_leaves_an_outer_scopes_tensor_where_it_is()
    {
        using var outer = TensorScope.Open();
        var tensor = Tensor.Zeros([1]);
        using (var inner = TensorScope.Open())
            inner.Keep(tensor);
        Assert.Equal(1, outer.Count);
    }

    [Fact]
    public void What_is_owned_outlives_all_scopes()
    {
        Tensor owned;
        using (TensorScope.Open())
        using (TensorScope.Open())
            owned = TensorScope.Own(Tensor.Zeros([1]));
        Assert.False(owned.IsDisposed);
        owned.Dispose();
    }

    [Fact]
    public void Suspending_gives_tensors_to_the_caller_until_it_ends()
    {
        using var scope = TensorScope.Open();
        var suspension = TensorScope.Suspend();
        var loose = Tensor.Zeros([1]);
        suspension.Dispose();
        using (TensorScope.Open())
            suspension.Dispose(); // a second time changes nothing
        _ = Tensor.Zeros([1]);
        Assert.Equal(1, scope.Count);
        loose.Dispose();
    }

    [Fact]
    public void A_disposed_tensor_leaves_its_scope_at_once()
    {
        using var scope = TensorScope.Open();
        var tensors = Enumerable.Range(0, 5).Select(i => Tensor.Zeros([i])).ToList();
        tensors[1].Dispose();
        tensors[4].Dispose();
        tensors[0].Dispose();
        Assert.Equal(2, scope.Count);
        Assert.False(tensors[2].IsDisposed);
    }

    [Fact]
    public void Scopes_disposed_in_the_wrong_order_leave_the_nearest_open_one_current()
    {
        using var first = TensorScope.Open();
        var second = TensorScope.Open();
        var third = TensorScope.Open();
        second.Dispose();
        Assert.Same(third, TensorScope.Current);
        third.Dispose();
        Assert.Same(first, TensorScope.Current);
        third.Dispose();
        _ = Tensor.Zeros([1]);
        Assert.Equal(1, first.Count);
    }

    [Fact]
    public async Task A_scope_survives_awaits_and_changes_of_thread()
    {
        var live = Tensor.LiveCount;
        using (var scope = TensorScope.Open())
        {
            _ = Tensor.Zeros([1]);
            await Task.Delay(1);
            _ = Tensor.Zeros([1]);
            await Task.Run(() => Tensor.Zeros([1]));
            await Task.Yield();
            Assert.Same(scope, TensorScope.Current);
            Assert.Equal(3, scope.Count);
        }

        Assert.Equal(live, Tensor.LiveCount);
    }

    [Fact]
    public async Task A_scope_opened_in_an_async_method_is_not_the_callers()
    {
        using var outer = TensorScope.Open();
        var kept = await Inner();
        Assert.Same(outer, TensorScope.Current);
        Assert.False(kept.IsDisposed);
        Assert.Equal(1, outer.Count);

        static async Task<Tensor> Inner()
        {
            using var scope = TensorScope.Open();
            await Task.Yield();
            return scope.Keep(Tensor.Zeros([1]) + 1);
        }
    }

    [Fact]
    public void Threads_have_scopes_of_their_own_inside_a_shared_one()
    {
        var live = Tensor.LiveCount;
        using (var shared = TensorScope.Open())
        {
            Parallel.For(0, 8, worker =>
            {
                using var own = TensorScope.Open();
                for (var i = 0; i < 200; i++)
                    _ = Tensor.Zeros([2]) + worker;
                Assert.Equal(400, own.Count);
                own.Keep(Tensor.Zeros([1]));
            });
            Assert.Equal(8, shared.Count);
        }

        Assert.Equal(live, Tensor.LiveCount);
    }

    [Fact]
    public async Task A_task_that_outlives_its_scope_gets_an_error_and_leaks_nothing()
    {
        var live = Tensor.LiveCount;
        var gate = new TaskCompletionSource();
        Task late;
        using (TensorScope.Open())
        {
            late = Task.Run(async () =>
            {
                await gate.Task;
                var error = Assert.Throws<ObjectDisposedException>(() => Tensor.Zeros([3]));
                Assert.Contains("opens a scope of its own", error.Message);
                Assert.Throws<ObjectDisposedException>(() => new Operator("aten::split", "Tensor").CallMany(Tensor.Zeros([4]), 1L));
            });
        }

        gate.SetResult();
        await late;
        Assert.Equal(live, Tensor.LiveCount);
    }

    [Fact]
    public void Results_that_no_scope_can_take_are_all_released()
    {
        var (live, bytes) = (Tensor.LiveCount, Tensor.LiveBytes);
        var source = Tensor.Zeros([4, 2]);
        var scope = TensorScope.Open();
        var late = ExecutionContext.Capture()!; // the flow of a task that was started in the scope
        scope.Dispose();

        ExecutionContext.Run(late, _ =>
        {
            Assert.Throws<ObjectDisposedException>(() => source.Split(1));
            Assert.Throws<ObjectDisposedException>(() => source.Sort());
            Assert.Throws<ObjectDisposedException>(() => Tensor.ViewOf(new float[4]));
        }, null);

        source.Dispose();
        Assert.Equal(live, Tensor.LiveCount);
        Assert.Equal(bytes, Tensor.LiveBytes);
    }

    [Fact]
    public void Disposing_a_scope_and_its_tensors_from_many_threads_releases_each_once()
    {
        var (live, bytes) = (Tensor.LiveCount, Tensor.LiveBytes);
        for (var round = 0; round < 50; round++)
        {
            var outer = TensorScope.Open();
            var scope = TensorScope.Open();
            var tensors = Enumerable.Range(0, 64).Select(i => Tensor.Zeros([i])).ToArray();
            Parallel.Invoke(
                scope.Dispose,
                () => Array.ForEach(tensors, t => t.Dispose()),
                () => Array.ForEach([.. tensors.Reverse()], t => t.Dispose()),
                () => Array.ForEach(tensors, t => Ignore(() => scope.Keep(t))));
            scope.Dispose();
            outer.Dispose();
        }

        Assert.Equal(live, Tensor.LiveCount);
        Assert.Equal(bytes, Tensor.LiveBytes);
    }

    [Fact]
    public void A_tensor_disposed_while_another_thread_calculates_with_it_is_an_error_at_worst()
    {
        var live = Tensor.LiveCount;
        for (var round = 0; round < 200; round++)
        {
            var shared = Tensor.Ones([512]);
            Parallel.Invoke(
                () =>
                {
                    using var scope = TensorScope.Open();
                    for (var i = 0; i < 20; i++)
                    {
                        if (!Ignore(() => Assert.Equal(1024, Tensor.Cat([shared, shared]).Sum().Item())))
                            return;
                    }
                },
                shared.Dispose);
        }

        Assert.Equal(live, Tensor.LiveCount);
    }

    private static bool Ignore(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
