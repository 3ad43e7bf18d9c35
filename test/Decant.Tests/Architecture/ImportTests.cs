using System.Text;
using Mono.Cecil;

namespace Decant.Tests.Architecture;

/// <summary>Who may know whom, read from the compiled assemblies. docs/design.md says why.</summary>
public class ImportTests
{
    // A room (the namespace with all below it) sees itself, the base class library, Decant.Core and what stands here. The longest name that fits counts.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Decant"] = [],
        ["Decant.Files"] = [],
        ["Decant.Text"] = [],
        ["Decant.Inference"] = ["Text"],
        ["Decant.Serving"] = ["Inference", "Text"],
        ["Decant.Torch"] = [],
        ["Decant.Modules"] = ["Torch"],
        ["Decant.Modules.Adapters"] = ["Torch", "Modules"],
        ["Decant.Models"] = ["Torch", "Modules"],
        ["Decant.Data"] = ["Torch", "Text"],
        ["Decant.Signals"] = ["Torch", "Text", "Data", "Modules"],
        ["Decant.Teachers"] = ["Torch", "Text", "Modules", "Models", "Data", "Signals"],
        ["Decant.Teachers.Writing"] = ["Torch", "Modules", "Models", "Data", "Signals", "Text", "Export"],
        ["Decant.Objectives"] = ["Torch", "Text", "Data", "Signals", "Modules"],
        ["Decant.Training"] = ["Torch", "Signals", "Data", "Modules", "Export"],
        ["Decant.Evaluation"] = ["Text", "Torch", "Modules", "Models", "Data", "Signals"],
        ["Decant.Export"] = ["Torch", "Modules", "Modules.Adapters", "Models", "Text"],
        ["Decant.Compression"] = ["Torch", "Modules", "Export"],
        ["Decant.Compression.Pruning"] = ["Torch", "Modules", "Models", "Data", "Signals", "Training"],
        ["Decant.Rollouts"] = ["Torch", "Modules", "Models", "Data", "Signals", "Objectives", "Training"],
        ["Decant.Hub"] = [],
        ["Decant.Hub.NuGet"] = ["Hub", "Export", "Models"],
        ["Decant.LLama"] = ["Torch", "Text", "Modules", "Models", "Data", "Signals", "Teachers", "Teachers.Writing", "Export"],
        ["Decant.Runs.Recipes"] = ["Text", "Inference", "Hub", "LLama", "Torch", "Modules.Adapters", "Models", "Compression", "Compression.Pruning", "Data", "Teachers", "Objectives", "Training", "Rollouts", "Evaluation"],
        ["Decant.Runs.Reports"] = ["Text", "Inference"],
        ["Decant.Runs.Cascades"] = ["Inference", "Data", "Evaluation"],
        ["Decant.Runs.Hardware"] = ["Torch", "Runs.Reports"],
        ["Decant.Runs"] = [.. Library, "Runs.Recipes"],
        ["Decant.Runs.Preparing"] = [.. Library, "Runs", "Runs.Recipes", "Runs.Reports"],
        ["Decant.Runs.Planning"] = [.. Library, "Runs", "Runs.Recipes", "Runs.Reports", "Runs.Preparing"],
        ["Decant.Runs.Running"] = [.. Library, "Runs", "Runs.Recipes", "Runs.Reports", "Runs.Hardware", "Runs.Preparing", "Runs.Planning"],
        ["Decant.Runs.ActiveLearning"] = [.. Library, "Runs", "Runs.Recipes", "Runs.Reports", "Runs.Hardware", "Runs.Preparing", "Runs.Planning", "Runs.Running"],
        ["Decant.Runs.Comparing"] = [.. Library, "Inference", "Runs.Cascades", "Runs", "Runs.Recipes", "Runs.Reports", "Runs.Preparing", "Runs.Planning", "Runs.Running"],
        ["Decant.Runs.Exporting"] = [.. Library, "Runs", "Runs.Recipes", "Runs.Reports", "Runs.Preparing", "Runs.Planning", "Runs.Running", "Runs.Comparing"],
        ["Decant.Runs.Jobs"] = [.. Library, "Inference", "Runs.Cascades", "Runs", "Runs.Recipes", "Runs.Reports", "Runs.Hardware", "Runs.Preparing", "Runs.Planning", "Runs.Running", "Runs.ActiveLearning", "Runs.Comparing", "Runs.Exporting"],
        ["Decant.Runs.Fitting"] = [.. Library, "Runs", "Runs.Recipes", "Runs.Reports", "Runs.Hardware", "Runs.Preparing", "Runs.Planning", "Runs.Running", "Runs.Comparing", "Runs.Exporting", "Runs.Jobs"],
        ["Decant.Runs.Distilling"] = [.. Library, .. Runs],
        ["Decant.Cli"] = [.. Runs, "Text", "Hub", "Inference", "Serving"],
        ["Decant.Bench"] = [.. Library, .. Runs, "Inference"],
    };

    private static string[] Library => ["Text", "Torch", "Modules", "Modules.Adapters", "Models", "Data", "Signals", "Teachers", "Teachers.Writing", "Objectives", "Training", "Rollouts", "Evaluation", "Export", "Compression", "Compression.Pruning", "Hub", "Hub.NuGet", "LLama"];

    private static string[] Runs => ["Runs", "Runs.Recipes", "Runs.Reports", "Runs.Cascades", "Runs.Hardware", "Runs.Preparing", "Runs.Planning", "Runs.Running", "Runs.ActiveLearning", "Runs.Comparing", "Runs.Exporting", "Runs.Jobs", "Runs.Fitting"];

    [Fact]
    public void Every_room_imports_only_what_the_design_allows()
    {
        var faults = new SortedSet<string>();
        var rooms = new HashSet<string>();
        foreach (var (user, used) in Assemblies.All.SelectMany(Assemblies.Uses))
        {
            var (room, other) = (RoomOf(user), RoomOf(used));
            rooms.Add(room);
            if (room != other && other is not ("Decant" or "Decant.Files") && !s_allowed[room].Contains(other["Decant.".Length..]))
                faults.Add($"{room} → {other} in {user.FullName}, which uses {used.Name}");
        }

        Assert.True(s_allowed.Keys.ToHashSet().SetEquals(rooms), "rooms of the design without a type: " + string.Join(", ", s_allowed.Keys.Except(rooms)));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Within a room too every arrow is one that somebody has looked at: <c>Approved/Architecture/namespaces.txt</c>. After a change that is meant: DECANT_APPROVE=1.</summary>
    [Fact]
    public void Every_arrow_between_namespaces_is_an_approved_one()
    {
        var arrows = Assemblies.All.SelectMany(Assemblies.Uses)
            .Where(use => use.User.Namespace != use.Used.Namespace)
            .GroupBy(use => use.User.Namespace, use => use.Used.Namespace)
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach (var group in arrows)
            text.Append(group.Key).Append("\n  ").AppendJoin("\n  ", group.Distinct().Order(StringComparer.Ordinal)).Append('\n');
        Decant.Tests.Cli.Approved.Check(text.ToString(), "namespaces", "Architecture");
    }

    /// <summary>A file of <c>src/PROJECT/A/B/</c> is in the namespace PROJECT.A.B; what all stand on, Decant.Core, has the name that surrounds the others.</summary>
    [Fact]
    public void A_namespace_is_its_folder()
    {
        var faults = new List<string>();
        var files = new[] { "src", "bench", "test" }.SelectMany(folder => Directory.GetFiles(Repository.Find(folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Split('/').Intersect(["obj", "bin"]).Any())
            .ToList();
        foreach (var file in files)
        {
            var expected = string.Join('.', file.Split('/')[1..^1]).Replace("Decant.Core", "Decant", StringComparison.Ordinal);
            var declared = File.ReadLines(Repository.Find(file)).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            if (declared is not null && declared != $"namespace {expected};")
                faults.Add($"{file}: expected 'namespace {expected};', came '{declared}'");
        }

        Assert.True(files.Count > 1000, $"only {files.Count} files were found");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Unsafe_code_stands_in_interop_alone()
    {
        var faults = new SortedSet<string>();
        foreach (var assembly in Assemblies.All)
        {
            using var definition = AssemblyDefinition.ReadAssembly(assembly.Location);
            foreach (var method in definition.MainModule.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody))
            {
                var pointers = method.Body.Variables.Any(v => v.VariableType.IsPointer) || method.Parameters.Any(p => p.ParameterType.IsPointer);
                if (pointers && method.DeclaringType.FullName is var name && !name.Contains(".Interop.", StringComparison.Ordinal) && !name.StartsWith('<'))
                    faults.Add(method.FullName);
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    // Decant.Core alone stands in the root itself; any other namespace needs a room of its own.
    private static string RoomOf(TypeReference type) => s_allowed.Keys
        .Where(room => type.Namespace == room || (room != "Decant" && type.Namespace.StartsWith(room + ".", StringComparison.Ordinal)))
        .MaxBy(room => room.Length) ?? throw new InvalidOperationException($"{type.FullName} is in a room that the design does not know.");
}
