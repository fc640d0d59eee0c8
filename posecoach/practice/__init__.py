"""Practising: set-up check, countdown, rests, pauses, routines, and the live loop.

``practice.Practice`` is pure: frames, poses and keys in, moments to show and say out.
``live.LiveCoaching`` feeds it from a camera and takes the moments to screen and voice.
"""
