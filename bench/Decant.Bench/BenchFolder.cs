using Decant.Export.Safetensors;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Bench;

/// <summary>The folder that both sides start from: <c>task.json</c>, <c>data.safetensors</c>, and the weights of both models.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decant-bench-");

    /// <summary>Writes everything of a workload.</summary>
    public BenchFolder(Workload workload)
    {
        using var scope = TensorScope.Open();
        using var generator = Generator.Default();
        generator.Seed(workload.Seed);
        File.WriteAllText(Named("task.json"), workload.ToTask().ToJsonString());
        SafetensorsWriter.Write(Named("data.safetensors"), new BenchInput(workload).ToTensors());
        foreach (var (role, config) in new[] { ("teacher", workload.Teacher), ("student", workload.Student) })
        {
            using var model = config.Build();
            SafetensorsWriter.Write(Named(role + ".safetensors"), model.StateDict());
        }
    }

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A model of the folder, with its weights.</summary>
    public static Model Load(string folder, string role, Workload workload)
    {
        var model = (role == "teacher" ? workload.Teacher : workload.Student).Build();
        PutWeights(folder, role, model);
        return model;
    }

    /// <summary>Puts the first weights into a model again.</summary>
    public static void PutWeights(string folder, string role, Model model)
    {
        using var scope = TensorScope.Open();
        using var file = SafetensorsFile.Open(System.IO.Path.Combine(folder, role + ".safetensors"));
        model.LoadStateDict(file.ViewAll());
    }

    private string Named(string name) => System.IO.Path.Combine(Path, name);
}
