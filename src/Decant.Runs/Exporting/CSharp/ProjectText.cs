namespace Decant.Runs.Exporting.CSharp;

/// <summary>How a generated project is built and packed, so that the model's files travel with it.</summary>
internal static class ProjectText
{
    /// <summary>The project. As a reference the model reaches the programs' folders as content, as a package by the targets file.</summary>
    public static string Project(Student student) => $$"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
            <IsAotCompatible>true</IsAotCompatible>
            <PackageReadmeFile>README.md</PackageReadmeFile>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Decant.Inference" Version="{{student.Version}}" />
          </ItemGroup>
          <ItemGroup>
            <Content Include="model/**" Link="{{student.Folder}}/%(RecursiveDir)%(Filename)%(Extension)" CopyToOutputDirectory="PreserveNewest" Pack="true" PackagePath="model/" />
            <None Remove="model/**" />
            <None Include="{{student.Name.Full}}.targets" Pack="true" PackagePath="buildTransitive" />
            <None Include="README.md" Pack="true" PackagePath="" />
          </ItemGroup>
        </Project>

        """;

    /// <summary>What a program that uses the package imports.</summary>
    public static string Targets(Student student) => $$"""
        <Project>
          <ItemGroup>
            <None Include="$(MSBuildThisFileDirectory)../model/**" Link="{{student.Folder}}/%(RecursiveDir)%(Filename)%(Extension)" CopyToOutputDirectory="PreserveNewest" Visible="false" />
          </ItemGroup>
        </Project>

        """;
}
