using System.Text.Json.Nodes;
using Decant.Bench;
using Decant.Models.Mlp;

namespace Decant.Tests.Bench;

public class BenchTests
{
    [Fact]
    public void Our_side_answers_every_word_of_the_protocol_and_ends_with_its_input()
    {
        var answers = Serve(TinyWorkloads.Find("mlp"), "check 3", "steps 1", "run", "steps 4", "peak", "memory", "quit", "steps 1");
        Assert.Equal(7, answers.Count);
        Assert.True((bool)answers[0]["ready"]!);
        Assert.Equal(3, answers[1]["losses"]!.AsArray().Count);
        Assert.All([answers[2], answers[3], answers[4]], round => Assert.True((double)round["seconds"]! > 0 && (long)round["managed_bytes"]! > 0));
        Assert.True((double)answers[5]["gflops"]! > 0);
        Assert.True((long)answers[6]["peak_bytes"]! > 1 << 20);
    }

    [Fact]
    public void A_check_puts_the_weights_back_and_a_whole_training_begins_at_them()
    {
        var answers = Serve(TinyWorkloads.Find("mlp"), "check 8", "steps 4", "check 8", "run", "run");
        Assert.Equal(answers[1].ToJsonString(), answers[3].ToJsonString());
        Assert.Equal((double)answers[4]["loss"]!, (double)answers[5]["loss"]!);
        Assert.Equal((double)answers[1]["losses"]![7]!, (double)answers[4]["loss"]!, 1e-5); // 2 epochs of 4 batches
    }

    [Fact]
    public void No_tensor_stays_behind_between_rounds()
    {
        var answers = Serve(TinyWorkloads.Find("lstm"), "steps 1", "steps 4", "run", "check 2", "steps 4");
        Assert.Equal((long)answers[2]["live_tensors"]!, (long)answers[5]["live_tensors"]!);
    }

    [Fact]
    public void Both_sides_are_given_the_same_samples_in_the_same_order()
    {
        var workload = TinyWorkloads.Find("encoder");
        var input = new BenchInput(workload);
        var tensors = input.ToTensors();
        var order = tensors["order"].ToArray<long>();
        var (ids, lengths, labels) = (tensors["ids"].ToArray<long>(), tensors["lengths"].ToArray<long>(), tensors["labels"].ToArray<long>());
        var batches = input.Batches(augment: false);
        for (var (epoch, seen) = (0, 0); epoch < workload.Epochs; epoch++)
        {
            foreach (var batch in batches.Enumerate(epoch))
            {
                var longest = batch.Values.Size(1);
                var values = batch.Values.ToArray<long>();
                for (var row = 0; row < batch.Size; row++, seen++)
                {
                    var index = (int)order[seen];
                    Assert.Equal(labels[index], batch.Labels.ToArray<long>()[row]);
                    Assert.True(lengths[index] <= longest);
                    Assert.Equal(ids.AsSpan(index * 9, (int)longest), values.AsSpan(row * (int)longest, (int)longest));
                }

                batch.Dispose();
            }
        }
    }

    [Fact]
    public void The_operations_of_a_perceptron_are_counted_as_by_hand()
    {
        var workload = TinyWorkloads.Find("mlp") with
        {
            Teacher = new MlpConfig { ClassNames = ["a", "b"], InputShape = [1, 2, 2], HiddenSizes = [5] },
            Student = new MlpConfig { ClassNames = ["a", "b"], InputShape = [1, 2, 2], HiddenSizes = [3] },
            Image = [1, 2, 2],
        };
        var flops = BenchFlops.Of(workload, [[1, 2, 2], [1, 2, 2]]);
        Assert.Equal(2 * (4 * 5 + 5 * 2), flops.Answer);
        Assert.Equal(3 * 2 * (4 * 3 + 3 * 2) - 2 * 4 * 3, flops.Update); // no gradient of the 4 inputs
    }

    [Fact]
    public void Only_the_inputs_of_convolutions_and_matrices_need_no_gradient_and_only_real_tokens_count()
    {
        Assert.Equal(2.0 * 1 * 16 * 9 * 26 * 26, First("cnn"));
        Assert.Equal(2.0 * 3 * 16 * 9 * 32 * 32, First("resnet"));
        Assert.Equal(0, First("encoder"));
        var lstm = TinyWorkloads.Find("lstm");
        Assert.Equal(2 * BenchFlops.Of(lstm, [[3], [5]]).Answer, BenchFlops.Of(lstm, [[3]]).Answer + BenchFlops.Of(lstm, [[5]]).Answer);

        static double First(string name) => BenchFlops.FirstInput(Workloads.Find(name).Student, Workloads.Find(name).Image);
    }

    [Fact]
    public void Ratios_are_told_by_the_middle_and_the_ends()
    {
        Assert.Equal(new Spread(2, 1, 9, 3), Spread.Of([9, 1, 2]));
        Assert.Equal(new Spread(2.5, 1, 4, 4), Spread.Of([4, 3, 2, 1]));
        Assert.Equal(new Spread(7, 7, 7, 1), Spread.Of([7]));
    }

    [Fact]
    public void All_counts_of_threads_are_tried_and_on_many_cores_some()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6], BenchTuning.Counts(6));
        Assert.Equal([1, 2, 4, 8, 16, 24], BenchTuning.Counts(24));
    }

    [Fact]
    public void Figures_have_their_place_in_the_JSON()
    {
        var json = JsonNode.Parse(BenchJson.Of(MadeUpBench.Report))!;
        Assert.Equal("Some Processor", (string?)json["machine"]!["cpu"]);
        Assert.Equal("PASSIVE", (string?)json["machine"]!["environment"]!["OMP_WAIT_POLICY"]);
        var mlp = json["workloads"]![0]!;
        Assert.Equal("""{"median":2.5,"min":2.25,"max":2.75,"pairs":3}""", mlp["ratio_default"]!.ToJsonString());
        Assert.Equal(2, (double)mlp["ratio_tuned"]!["median"]!);
        Assert.Equal(1, (double)mlp["live"]!["ratio_tuned"]!["median"]!);
        Assert.Equal(0.61, (double)mlp["peak_fraction"]!);
        Assert.Equal("""{"ours":32000,"pytorch_default":12800,"pytorch_tuned":16000}""", mlp["samples_per_second"]!.ToJsonString());
        Assert.Equal("""{"ours":314572800,"pytorch":304087040}""", mlp["peak_bytes"]!.ToJsonString());
        Assert.Equal("""{"after_first":19,"after_last":19}""", mlp["live_tensors"]!.ToJsonString());
        Assert.Equal(53_000, (double)mlp["managed_bytes_per_step"]!);
        Assert.Equal(1, (int)mlp["tuned"]!["threads"]!);
        Assert.Null(json["workloads"]![1]!["ratio_default"]);
    }

    [Fact]
    public void A_name_that_is_no_workload_is_told_with_the_one_that_was_meant() =>
        Assert.Equal("bench: there is no workload 'encodr'; did you mean 'encoder'?", Assert.Throws<DecantException>(() => Workloads.Find(["mlp", "encodr"])).Message);

    [Fact]
    public void Our_side_alone_is_measured_in_a_process_of_its_own()
    {
        var lines = new List<string>();
        var job = new BenchJob(["dotnet", Path.Combine(AppContext.BaseDirectory, "Decant.Bench.dll")]);
        var report = job.Run(new BenchRequest { Workloads = ["mlp"], Pairs = 1, Run = false, Threads = 1, Python = null }, new Lines(lines));
        var mlp = Assert.Single(report.Workloads);
        Assert.Null(mlp.Run);
        Assert.Null(mlp.Live!.RatioDefault);
        Assert.InRange(mlp.Live.PeakFraction, 0.01, 1.1);
        Assert.Equal(mlp.LiveTensors.AfterFirst, mlp.LiveTensors.AfterLast);
        Assert.Equal(2, lines.Count);
    }

    [Fact]
    public void A_long_training_is_looked_at_and_stays_flat_in_tensors_and_files()
    {
        var soak = SoakJob.Run(TinyWorkloads.Find("mlp"), 400, _ => { }, default);
        Assert.Equal(100, soak.LiveTensors.Samples.Count);
        Assert.True(soak.LiveTensors.IsFlat);
        Assert.True(soak.OpenHandles.IsFlat);
        Assert.All(soak.ResidentBytes.Samples, bytes => Assert.True(bytes > 1 << 20));
    }

    [Fact]
    public void What_grows_by_more_than_two_hundredths_is_not_flat()
    {
        Assert.True(SoakFigure.Of([.. Enumerable.Repeat(50.0, 10), .. Enumerable.Repeat(100.0, 80), .. Enumerable.Repeat(101.0, 10)]).IsFlat);
        Assert.False(SoakFigure.Of([.. Enumerable.Repeat(50.0, 10), .. Enumerable.Repeat(100.0, 80), .. Enumerable.Repeat(103.0, 10)]).IsFlat);
        Assert.Throws<DecantException>(() => SoakFigure.Of([1, 2, 3]));
    }

    [Fact]
    public void Too_few_steps_to_look_are_refused_before_anything_is_trained() =>
        Assert.Contains("at least 80 steps are needed", Assert.Throws<DecantException>(() => SoakJob.Run(TinyWorkloads.Find("mlp"), 79, _ => { }, default)).Message);

    private static List<JsonObject> Serve(Workload workload, params string[] lines)
    {
        using var folder = new BenchFolder(workload);
        using var output = new StringWriter();
        BenchSideProtocol.Serve(workload, folder.Path, new StringReader(string.Join('\n', lines)), output);
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    private sealed class Lines(List<string> lines) : IProgress<BenchEvent>
    {
        public void Report(BenchEvent value) => lines.Add(value.Text);
    }
}
