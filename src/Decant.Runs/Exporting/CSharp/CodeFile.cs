namespace Decant.Runs.Exporting.CSharp;

/// <summary>What the generated classes have in common.</summary>
internal static class CodeFile
{
    /// <summary>A file with the class, and the types of its answers after it.</summary>
    /// <param name="student">The student.</param>
    /// <param name="kind">The type of Decant.Inference that runs it.</param>
    /// <param name="summary">What the class does.</param>
    /// <param name="members">Its members but for loading, indented as members are.</param>
    /// <param name="types">Types beside it; empty: none.</param>
    /// <param name="names">How a loaded model says the names of <c>s_labels</c>; null: it has no such field.</param>
    public static string Of(Student student, string kind, string summary, string members, string types = "", string? names = null) => $$"""
        // Written by Decant {{student.Version}} ('decant export --to csharp'): export the model again rather than edit this.
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Threading;
        using Decant;
        using Decant.Inference;
        {{(student.Name.Namespace is { } space ? $"\nnamespace {space};\n" : "")}}
        /// <summary>{{summary}} Safe to use from several threads.</summary>
        public static class {{student.Name.Class}}
        {
            private static readonly Lazy<{{kind}}> s_model = new(Open);
        {{(names is null ? "" : $"    private static readonly string[] s_labels =\n    [\n{string.Concat(student.Labels.Select(l => $"        {CSharpText.Literal(l)},\n"))}    ];\n")}}
            /// <summary>The folder of the model's files, beside the program.</summary>
            public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, {{CSharpText.Literal(student.Folder)}});

        {{members}}

            /// <summary>Loads the model now; otherwise the first call does.</summary>
            /// <exception cref="DecantException">A file of the model is missing or damaged.</exception>
            public static void Load() => _ = s_model.Value;

        {{(names is null ? $"    private static {kind} Open() => {kind}.Load(Folder);" : Checked(kind, names))}}
        }
        {{(types.Length > 0 ? "\n" + types + "\n" : "")}}
        """;

    private static string Checked(string kind, string names) => $$"""
            private static {{kind}} Open()
            {
                var model = {{kind}}.Load(Folder);
                if (model.{{names}}.SequenceEqual(s_labels))
                    return model;
                var came = string.Join(", ", model.{{names}});
                model.Dispose();
                throw new DecantException($"{Folder}: expected the classes {string.Join(", ", s_labels)}, which this program was compiled with, came {came}. Put the model's own files there.");
            }
        """;
}
