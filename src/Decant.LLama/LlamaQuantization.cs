using Decant.LLama.Native;
using Decant.Torch;
using LLama;

namespace Decant.LLama;

/// <summary>llama.cpp's own quantization of GGUF files, without an importance matrix.</summary>
internal static class LlamaQuantization
{
    private static readonly Lock s_quantizing = new(); // the log is one for the process

    /// <summary>Writes a file anew with fewer bits.</summary>
    /// <param name="from">A file in float32.</param>
    /// <param name="to">The new one.</param>
    /// <param name="type">llama.cpp's name, such as <c>Q4_K_M</c>.</param>
    /// <exception cref="DecantException">llama.cpp refuses: its own words; or the program has no backend of LLamaSharp.</exception>
    public static void Run(string from, string to, string type)
    {
        lock (s_quantizing)
        {
            try
            {
                LlamaLog.Begin();
                if (!LLamaQuantizer.Quantize(from, to, type, nthread: Runtime.Threads, allowRequantize: true, quantizeOutputTensor: true))
                    throw new DecantException($"{to}: llama.cpp could not quantize the model to {type}: {(LlamaLog.Text() is { Length: > 0 } text ? text : "it gives no reason")}. Choose q8_0 or q4_0.");
            }
            catch (Exception error) when (LlamaBackend.IsMissing(error))
            {
                throw LlamaBackend.Missing(error);
            }
        }
    }
}
