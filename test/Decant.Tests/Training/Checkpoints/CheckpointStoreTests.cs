using Decant.Torch;
using Decant.Training.Checkpoints;

namespace Decant.Tests.Training.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_to_the_bit()
    {
        var store = new CheckpointStore(_folder.Path);
        using var written = Snapshot(7);
        var path = store.Write(written, new Dictionary<string, string> { ["mark"] = "über" });
        Assert.Equal(["manifest.json", "position.json", "state.safetensors"], Directory.GetFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var read = new CheckpointStore(_folder.Path).Newest().Found!;
        Assert.Equal((path, "über"), (read.Path, read.Attached["mark"]));
        AreSame(written, read.Snapshot);
    }

    [Fact]
    public void Scores_that_are_no_numbers_and_seconds_survive()
    {
        using var written = Snapshot(3, p => p with { BestScore = double.NegativeInfinity, BestScores = new Dictionary<string, double> { ["nll"] = double.NaN, ["a"] = 0.1 + 0.2 }, Schedule = [double.PositiveInfinity], Seconds = 1.0 / 3 });
        new CheckpointStore(_folder.Path).Write(written);
        using var read = new CheckpointStore(_folder.Path).Newest().Found!;
        AreSame(written, read.Snapshot);
    }

    [Fact]
    public void The_newest_are_kept_and_an_empty_store_has_none()
    {
        var store = new CheckpointStore(Path.Combine(_folder.Path, "deep/er"), keep: 2);
        Assert.Null(store.Newest().Found);
        Assert.Empty(store.Newest().Refused);
        foreach (var step in new[] { 5, 9, 12, 100 })
        {
            using var snapshot = Snapshot(step);
            store.Write(snapshot);
        }

        Assert.Equal(["000003-step-12", "000004-step-100"], store.All.Select(Path.GetFileName));
        using var found = store.Newest().Found!;
        Assert.Equal(100, found.Snapshot.Position.Step);
        store.Clear();
        Assert.Empty(Directory.GetFileSystemEntries(store.Folder));
    }

    public static TheoryData<int, bool> EveryStepOfTheDisk()
    {
        var data = new TheoryData<int, bool>();
        for (var step = 1; step <= StepsOfOneWrite; step++)
        {
            data.Add(step, false);
            data.Add(step, true);
        }

        return data;
    }

    // make the store, make the folder, three files, flush, rename, flush, rename and delete the old one
    private const int StepsOfOneWrite = 10;

    [Theory]
    [MemberData(nameof(EveryStepOfTheDisk))]
    public void Whenever_the_power_is_cut_the_newest_whole_checkpoint_is_found_and_the_next_can_be_written(int step, bool halfDone)
    {
        using TrainingSnapshot first = Snapshot(1), second = Snapshot(2), third = Snapshot(3);
        var store = new CheckpointStore(_folder.Path, keep: 1);
        store.Write(first);
        var disk = new BreakingDisk(step) { HalfDone = halfDone };
        Assert.Throws<PowerCut>(() => new CheckpointStore(_folder.Path, 1, disk).Write(second));

        var renamed = disk.Steps.Take(step - 1).Any(s => s == "rename to 000002-step-2");
        var after = new CheckpointStore(_folder.Path, keep: 1);
        using (var found = after.Newest().Found!)
            AreSame(renamed ? second : first, found.Snapshot);
        Assert.Empty(after.Newest().Refused);
        Assert.Empty(Directory.GetDirectories(_folder.Path, "*.tmp"));
        after.Write(third);
        using (var found = after.Newest().Found!)
            AreSame(third, found.Snapshot);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_write_takes_as_many_steps_of_the_disk_as_the_cuts_go_through()
    {
        using var snapshot = Snapshot(1);
        new CheckpointStore(_folder.Path, keep: 1).Write(snapshot);
        var disk = new BreakingDisk();
        new CheckpointStore(_folder.Path, 1, disk).Write(snapshot);
        Assert.Equal(StepsOfOneWrite, disk.Steps.Count);
        // The order is what makes it durable: every file before the folder, the folder before its name, its name before the old one goes.
        Assert.Equal(
            ["write state.safetensors", "write position.json", "write manifest.json", "flush 000002-step-1.tmp", "rename to 000002-step-1", $"flush {Path.GetFileName(_folder.Path)}", "rename to 000001-step-1.tmp", "delete 000001-step-1.tmp"],
            disk.Steps[2..]);
    }

    [Theory]
    [InlineData("state.safetensors", "cut", "state.safetensors has")]
    [InlineData("state.safetensors", "flip", "state.safetensors is damaged")]
    [InlineData("state.safetensors", "remove", "state.safetensors is missing")]
    [InlineData("position.json", "cut", "position.json has")]
    [InlineData("position.json", "flip", "position.json is damaged")]
    [InlineData("position.json", "remove", "position.json is missing")]
    [InlineData("manifest.json", "cut", "manifest.json is damaged")]
    [InlineData("manifest.json", "empty", "manifest.json is damaged")]
    [InlineData("manifest.json", "remove", "manifest.json is missing")]
    [InlineData("manifest.json", "other", "damaged: its SHA-256 is not the one in manifest.json")]
    [InlineData("manifest.json", "future", "it has format 99, and this version reads format 1")]
    [InlineData("manifest.json", "outside", "which is no file of a checkpoint")]
    [InlineData("manifest.json", "fewer", "does not name")]
    public void A_damaged_newest_one_is_refused_by_name_and_the_one_before_is_taken(string file, string damage, string said)
    {
        using TrainingSnapshot before = Snapshot(1), newest = Snapshot(2);
        var store = new CheckpointStore(_folder.Path);
        var older = store.Write(before);
        var path = store.Write(newest);
        Damage(Path.Combine(path, file), damage);
        var search = store.Newest();
        using var found = search.Found!;
        Assert.Equal(older, found.Path);
        AreSame(before, found.Snapshot);
        var reason = Assert.Single(search.Refused);
        Assert.StartsWith(path + ": ", reason);
        Assert.Contains(said, reason);
    }

    [Fact]
    public void Whatever_byte_is_flipped_the_checkpoint_is_the_same_or_refused()
    {
        using var snapshot = Snapshot(4);
        var store = new CheckpointStore(_folder.Path);
        var path = store.Write(snapshot);
        var refusals = 0;
        foreach (var file in Directory.GetFiles(path))
        {
            var whole = File.ReadAllBytes(file);
            for (var i = 0; i < whole.Length; i += file.EndsWith("manifest.json", StringComparison.Ordinal) ? 1 : 97)
            {
                var flipped = (byte[])whole.Clone();
                flipped[i] ^= (byte)(1 << (i % 8));
                File.WriteAllBytes(file, flipped);
                var search = store.Newest();
                refusals += search.Refused.Count;
                using var found = search.Found;
                if (found is not null) AreSame(snapshot, found.Snapshot);
            }

            File.WriteAllBytes(file, whole);
        }

        Assert.True(refusals > 100, $"only {refusals} flips were refused");
    }

    [Fact]
    public void When_none_is_whole_all_that_were_tried_are_told()
    {
        var store = new CheckpointStore(_folder.Path, keep: 3);
        foreach (var step in new[] { 1, 2, 3 })
        {
            using var snapshot = Snapshot(step);
            Damage(Path.Combine(store.Write(snapshot), "state.safetensors"), "flip");
        }

        var search = store.Newest();
        Assert.Null(search.Found);
        Assert.Equal(["000003-step-3", "000002-step-2", "000001-step-1"], search.Refused.Select(r => Path.GetFileName(r.Split(':')[0])));
    }

    [Fact]
    public void One_that_was_refused_does_not_push_out_the_good_one_that_was_fallen_back_to()
    {
        using TrainingSnapshot a = Snapshot(1), b = Snapshot(2), c = Snapshot(3);
        var store = new CheckpointStore(_folder.Path, keep: 2);
        var good = store.Write(a);
        Damage(Path.Combine(store.Write(b), "state.safetensors"), "cut");
        store.Newest().Found!.Dispose();
        var newest = store.Write(c);
        Assert.Equal([good, newest], store.All);
    }

    [Fact]
    public void A_full_disk_leaves_the_former_one_whole_and_nothing_of_the_new_one()
    {
        using TrainingSnapshot a = Snapshot(1), b = Snapshot(2);
        var disk = new BreakingDisk();
        var store = new CheckpointStore(_folder.Path, 2, disk);
        store.Write(a);
        disk.IsFull = true;
        var thrown = Assert.Throws<DecantException>(() => store.Write(b));
        Assert.Equal((ExitCodes.Machine, $"A checkpoint cannot be written in {_folder.Path}: No space left on device."), (thrown.ExitCode, thrown.Message));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
        (disk.IsFull, disk.Free) = (false, 100_000);
        Assert.Contains("bytes, and the disk has 50,000 free.", Assert.Throws<DecantException>(() => new CheckpointStore(_folder.Path, 2, new BreakingDisk { Free = 50_000 }).Write(b)).Message);
        disk.Free = long.MaxValue;
        store.Write(b);
        using var found = store.Newest().Found!;
        AreSame(b, found.Snapshot);
    }

    internal static void AreSame(TrainingSnapshot expected, TrainingSnapshot actual)
    {
        Assert.Equal(expected.Tensors.Keys.Order(StringComparer.Ordinal), actual.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in expected.Tensors)
        {
            Assert.Equal(tensor.DType, actual.Tensors[name].DType);
            Assert.Equal(tensor.Shape, actual.Tensors[name].Shape);
            using var scope = TensorScope.Open();
            Assert.Equal(tensor.Reshape(-1).Reinterpret(DType.UInt8).ToArray<byte>(), actual.Tensors[name].Reshape(-1).Reinterpret(DType.UInt8).ToArray<byte>());
        }

        var (a, b) = (expected.Position, actual.Position);
        Assert.Equal(a.BestScores, b.BestScores);
        Assert.Equal(a.Schedule, b.Schedule);
        Assert.Equal(a.Generator, b.Generator);
        Assert.Equal(a.DeviceGenerator, b.DeviceGenerator);
        Assert.Equal(a with { BestScores = null, Schedule = [], Generator = [], DeviceGenerator = [] }, b with { BestScores = null, Schedule = [], Generator = [], DeviceGenerator = [] });
    }

    private static TrainingSnapshot Snapshot(int step, Func<TrainingPosition, TrainingPosition>? change = null)
    {
        using var suspended = TensorScope.Suspend();
        using var generator = new Generator((ulong)step);
        var position = new TrainingPosition
        {
            Epoch = 2,
            Batch = 3,
            Step = step,
            Waited = 1,
            BestStep = 1,
            Schedule = [0.5, 1],
            Generator = generator.GetState(),
            OptimizerKind = "Sgd",
            ScheduleKind = "PlateauSchedule",
            Device = "cpu",
        };
        return new TrainingSnapshot(
            new Dictionary<string, Tensor> { ["model.a.weight"] = Tensor.Randn([3, 4], generator), ["optimizer.updates"] = Tensor.From(new long[] { step, 2 }), ["best.empty"] = Tensor.Zeros([0]) },
            change is null ? position : change(position));
    }

    private static void Damage(string file, string how)
    {
        var bytes = File.ReadAllBytes(file);
        switch (how)
        {
            case "cut": File.WriteAllBytes(file, bytes[..^5]); break;
            case "empty": File.WriteAllBytes(file, []); break;
            case "remove": File.Delete(file); break;
            case "flip":
                bytes[bytes.Length / 2] ^= 4;
                File.WriteAllBytes(file, bytes);
                break;
            case "other": Replace(@"(?<=sha256"": "").", "g"); break;
            case "future": Replace("\"format\": 1", "\"format\": 99"); break;
            case "outside": Replace("\"files\": \\[", "\"files\": [\n{ \"name\": \"../x\", \"size\": 0, \"sha256\": \"\" },"); break;
            case "fewer": Replace("\"name\": \"state.safetensors\"", "\"name\": \"position.json\""); break;
            default: throw new ArgumentOutOfRangeException(nameof(how));
        }

        void Replace(string from, string to)
        {
            var text = File.ReadAllText(file);
            var changed = System.Text.RegularExpressions.Regex.Replace(text, from, to);
            Assert.NotEqual(text, changed);
            File.WriteAllText(file, changed);
        }
    }
}
