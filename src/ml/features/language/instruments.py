"""Instruments and ensembles, and what English and German call them."""

from __future__ import annotations

from ml.features.vocabulary.word import Table, Word

INSTRUMENTS = Table(
    "instrument",
    (
        Word("piano", "klavier, flügel, pianoforte, grand piano, solo piano, klaviere, konzertflügel"),
        Word("keyboard", "keyboards, rhodes, wurlitzer, electric piano, e piano, e-piano, fender rhodes, clavinet"),
        Word("organ", "orgel, hammond, hammond organ, hammondorgel, kirchenorgel, pipe organ, church organ"),
        Word("harpsichord", "cembalo"),
        Word("accordion", "akkordeon, bandoneon, squeezebox, ziehharmonika, schifferklavier"),
        Word(
            "guitar",
            "gitarre, guitars, spanish guitar, spanische gitarre, slide guitar, steel guitar, pedal steel, lap "
            "steel, pedal steel guitar, klampfe",
        ),
        Word(
            "acoustic guitar",
            "akustikgitarre, akustische gitarre, classical guitar, konzertgitarre, klassische gitarre, "
            "westerngitarre, unplugged guitar",
        ),
        Word(
            "electric guitar",
            "e gitarre, elektrische gitarre, distorted guitar, guitar solo, gitarrensolo, guitar riff, "
            "gitarrenriff, guitar riffs, gitarrenriffs, guitar solos, gitarrensoli",
        ),
        Word("bass", "bass guitar, bassgitarre, e bass, bassline, basslines, bässe"),
        Word("ukulele", "uke"),
        Word("banjo"),
        Word("mandolin", "mandoline"),
        Word("harp", "harfe"),
        Word("lute", "oud, theorbe"),
        Word("sitar"),
        Word("zither", "hackbrett, dulcimer"),
        Word("violin", "geige, violine, fiddle, solo violin, fidel"),
        Word("viola", "bratsche"),
        Word("cello", "violoncello, celli, solo cello"),
        Word("double bass", "kontrabass, upright bass, kontrabässe"),
        Word(
            "strings", "streicher, string quartet, streichquartett, string section, streichorchester, string ensemble"
        ),
        Word("flute", "flöte, querflöte, panflöte, pan flute"),
        Word("recorder", "blockflöte"),
        Word("clarinet", "klarinette"),
        Word("oboe"),
        Word("bassoon", "fagott"),
        Word("saxophone", "saxofon, saxophon, sax, tenor sax, saxofone, saxophone solo"),
        Word("trumpet", "trompete, flügelhorn, flugelhorn"),
        Word("trombone", "posaune"),
        Word("horn", "french horn, waldhorn, hörner, english horn, englischhorn, alphorn"),
        Word("tuba", "sousaphone"),
        Word("brass", "blechbläser, brass band, blaskapelle, brass section"),
        Word("winds", "woodwinds, woodwind, bläser, holzbläser, wind instruments, blasinstrumente"),
        Word("harmonica", "mundharmonika, mouth organ, blues harp"),
        Word("bagpipes", "dudelsack, bagpipe, dudelsäcke"),
        Word("drums", "schlagzeug, drum, drummer, drum kit, drumset, drum machine, drumcomputer, trommel, trommeln"),
        Word("percussion", "perkussion, bongos, congas, cajon, tabla, djembe, percussions"),
        Word("xylophone", "xylophon, xylofon, marimba, marimbaphon, glockenspiel"),
        Word("vibraphone", "vibraphon, vibrafon, vibes solo"),
        Word("bells", "glocken, tubular bells, singing bowls, klangschalen"),
        Word("handpan", "hang drum, steel drum, steel drums, steelpan, kalimba"),
        Word(
            "synthesizer",
            "synth, synths, synthesiser, synthie, synthies, moog, synthesizers, analog synth, analogue synths",
        ),
        Word("orchestra", "orchester, symphony orchestra, sinfonieorchester, orchestras, orchestern"),
        Word("choir", "chor, chöre, chorus, choirs, knabenchor, gospelchor"),
        Word("theremin"),
        Word("didgeridoo"),
        Word("whistling", "pfeifen, whistle, gepfiffen"),
    ),
)
