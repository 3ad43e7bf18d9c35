using Decant.Torch;

namespace Decant.Tests.Torch;

public class FreeMemoryTests
{
    private static readonly Dictionary<string, string[]> s_machine = new()
    {
        ["/proc/meminfo"] = ["MemTotal:       24000000 kB", "MemAvailable:   20000000 kB", "SwapFree:        1000000 kB"],
        ["/proc/self/cgroup"] = ["0::/user/one"],
        ["/proc/self/limits"] = ["Max address space         unlimited            unlimited            bytes"],
        ["/proc/self/status"] = ["VmSize:\t 1000000 kB"],
    };

    [Fact]
    public void The_machine_has_what_is_available_and_what_can_be_swapped() => Is(21_000_000L << 10, "this machine");

    [Fact]
    public void A_group_above_bounds_it_and_files_that_lie_idle_go() =>
        Is(700 + 50, "this container", ("/sys/fs/cgroup/user/memory.max", ["1000"]), ("/sys/fs/cgroup/user/memory.current", ["300"]), ("/sys/fs/cgroup/user/memory.stat", ["anon 250", "inactive_file 50"]));

    [Fact]
    public void A_group_without_a_limit_bounds_nothing() =>
        Is(21_000_000L << 10, "this machine", ("/sys/fs/cgroup/user/memory.max", ["max"]), ("/sys/fs/cgroup/user/memory.current", ["300"]));

    [Fact]
    public void The_old_kind_of_groups_counts_too() =>
        Is(600, "this container", ("/sys/fs/cgroup/memory/memory.limit_in_bytes", ["1000"]), ("/sys/fs/cgroup/memory/memory.usage_in_bytes", ["400"]));

    [Fact]
    public void The_address_space_counts_with_what_is_mapped() =>
        Is(0x40000000 - (1_000_000L << 10), "ulimit -v", ("/proc/self/limits", ["Max address space         1073741824            unlimited            bytes"]));

    [Fact]
    public void Where_nothing_is_told_nothing_is_known() => Assert.Null(FreeMemory.Read(_ => []));

    [Fact]
    public void There_is_some_now() => Assert.InRange(FreeMemory.Now().Bytes, 1, long.MaxValue);

    private static void Is(long bytes, string limit, params (string File, string[] Lines)[] more)
    {
        var files = new Dictionary<string, string[]>(s_machine);
        foreach (var (file, lines) in more)
            files[file] = lines;
        Assert.Equal(new FreeMemory(bytes, limit), FreeMemory.Read(path => files.GetValueOrDefault(path) ?? []));
    }
}
