// Opens GGUF files as teachers, one after the other, and asks each about a text: a file in whose native code the process would end ends this one. Reads a path a line, and answers a line
// each: "answered", or "refused" with the message.
using Decant;
using Decant.LLama;
using Decant.Torch;
using LLama.Native;

if (args is ["--library", var library])
    NativeLibraryConfig.All.WithLibrary(library, library);
while (Console.In.ReadLine() is { } path)
{
    try
    {
        using var teacher = GgufTeacher.Open(new GgufTeacherOptions { File = path, Threads = 1 });
        using var scope = TensorScope.Open();
        var numbers = teacher.MakesVectors ? teacher.Embed(["a good movie"])[0] : teacher.Logits([.. teacher.Tokenizer.Encode("a good movie").Take(8)]).ToArray<float>();
        Console.Out.WriteLine($"answered {numbers.Length} numbers");
    }
    catch (DecantException error)
    {
        Console.Out.WriteLine($"refused {error.Message.ReplaceLineEndings(" ")}");
    }

    Console.Out.Flush();
}
