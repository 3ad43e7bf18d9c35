using Decant.Export.Onnx;
using Decant.Export.Onnx.Signatures;
using Decant.Modules;
using Decant.Runs.Preparing;

namespace Decant.Runs.Exporting;

/// <summary>A teacher as an ONNX file that lives as long as it is measured.</summary>
internal sealed class TeacherFile : IDisposable
{
    private readonly string _folder;

    private TeacherFile(string folder, GraphSignature signature) => (_folder, Signature) = (folder, signature);

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(_folder, "teacher.onnx");

    /// <summary>How it is called.</summary>
    public GraphSignature Signature { get; }

    /// <summary>Writes it; null, with a note that says why, where the teacher is no one model that ONNX can hold.</summary>
    public static TeacherFile? Write(Model teacher, PreparedData data, Action<string> note)
    {
        if (data.HasOwnTeacherInput)
        {
            note($"The teacher was not measured in ONNX Runtime: it reads {(data.Tokenizer is null ? "images in a form of its own" : data.OfTeacher.Context.Task != data.Context.Task ? "a query and a document in another way than the student" : "with a tokenizer of its own")}, and the samples were made for the student.");
            return null;
        }

        TeacherFile? file = null;
        try
        {
            using var near = new OnCpu(teacher);
            file = new TeacherFile(Directory.CreateTempSubdirectory("decant-").FullName, ExportedSignature.Of(teacher, data));
            _ = OnnxExport.Write(file.Path, teacher, file.Signature);
            return file;
        }
        catch (DecantException error)
        {
            file?.Dispose();
            note($"The teacher was not measured in ONNX Runtime: {error.Message}");
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
