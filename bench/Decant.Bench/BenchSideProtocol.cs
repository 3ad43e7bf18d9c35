using System.Globalization;
using System.Text.Json.Nodes;
using Decant.Runs.Hardware;
using Decant.Torch;

namespace Decant.Bench;

/// <summary>Our side as a process of its own: one line comes in, one line of JSON goes out, in the words of <c>bench/peers/peer.py</c>.</summary>
internal static class BenchSideProtocol
{
    /// <summary>Answers until <c>quit</c> or the end of the input.</summary>
    /// <param name="workload">The workload's name.</param>
    /// <param name="folder">The folder with its weights.</param>
    /// <param name="threads">Null: one per core.</param>
    /// <param name="input">Where the lines come from.</param>
    /// <param name="output">Where the answers go.</param>
    public static void Serve(string workload, string folder, int? threads, TextReader input, TextWriter output)
    {
        MachineFacts.Prepare(threads);
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        Func<long>? memory = workload switch
        {
            HeadMemory.Parts or HeadMemory.Whole => () => HeadMemory.Measure(workload == HeadMemory.Whole),
            _ when workload.StartsWith(ObjectiveMemory.Prefix, StringComparison.Ordinal) => () => ObjectiveMemory.Measure(workload, folder),
            _ => null,
        };
        if (memory is not null)
        {
            Write(output, new JsonObject { ["ready"] = true });
            if (input.ReadLine() is not null)
                Write(output, new JsonObject { ["peak_bytes"] = memory() });
            return;
        }

        Serve(Workloads.Find(workload), folder, input, output);
    }

    internal static void Serve(Workload workload, string folder, TextReader input, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        using var side = new BenchSide(workload, folder);
        Write(output, new JsonObject { ["ready"] = true, ["torch"] = Runtime.TorchVersion });
        while (input.ReadLine() is { } line && line != "quit")
            Write(output, Answer(side, line));
    }

    private static JsonObject Answer(BenchSide side, string line)
    {
        var parts = line.Split(' ', 2);
        var count = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        return parts[0] switch
        {
            "check" => new JsonObject { ["losses"] = new JsonArray([.. side.Check(count).Select(loss => (JsonNode)loss)]) },
            "run" => Round(side.Run()),
            "steps" => Round(side.Live(count)),
            "peak" => new JsonObject { ["gflops"] = BenchSide.Peak() },
            "cores" => new JsonObject { ["run"] = side.Cores.Run.ToString(), ["live"] = side.Cores.Live.ToString() },
            "memory" => new JsonObject { ["peak_bytes"] = ProcessFigures.PeakBytes() },
            _ => throw new DecantException($"bench: '{parts[0]}' is no word of the protocol."),
        };
    }

    private static JsonObject Round(BenchRound round) => new()
    {
        ["seconds"] = round.Seconds,
        ["loss"] = round.Loss,
        ["managed_bytes"] = round.ManagedBytes,
        ["live_tensors"] = round.LiveTensors,
    };

    private static void Write(TextWriter output, JsonObject answer)
    {
        output.WriteLine(answer.ToJsonString());
        output.Flush();
    }
}
